"use client";

import Link from "next/link";
import { Suspense, type ReactNode } from "react";

import { Logo } from "@/components/logo";
import { AccountMenu } from "@/components/portal/account-menu";
import { CommandButton } from "@/components/portal/command-button";
import { Stepper } from "@/components/portal/stepper";
import { ThemeToggle } from "@/components/portal/theme-toggle";

/** Header with the four steps, and the page below it. `--header-height` is the room the header takes. */
export function AppShell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-primary px-3 py-2 text-primary-foreground focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 z-30 h-(--header-height) border-b bg-background/85 backdrop-blur-md">
        <div className="flex h-14 items-center gap-3 px-4 sm:px-6">
          <Link
            href="/portal"
            className="rounded-md outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60"
            aria-label="Data Query Agent, portal"
          >
            <Logo compact />
          </Link>
          <div className="mx-auto max-md:hidden">
            <Suspense>
              <Stepper />
            </Suspense>
          </div>
          <div className="flex items-center gap-1 max-md:ml-auto">
            <CommandButton />
            <ThemeToggle />
            <AccountMenu />
          </div>
        </div>
        <div className="flex h-10 items-center border-t px-2 md:hidden">
          <div className="w-full">
            <Suspense>
              <Stepper />
            </Suspense>
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
    </div>
  );
}
