"use client";

import { MonitorIcon, MoonIcon, SunIcon } from "lucide-react";
import type { ReactNode } from "react";

import { PageHeader } from "@/components/portal/page-header";
import { AccountRemoval } from "@/components/settings/account-removal";
import { AuditLog } from "@/components/settings/audit-log";
import { SessionList } from "@/components/settings/session-list";
import { useTheme } from "@/components/theme-provider";
import { ToggleGroup, ToggleGroupItem } from "@/components/ui/toggle-group";
import { useAuthStatus } from "@/hooks/use-auth";
import { isTheme } from "@/lib/theme";

export function SettingsPage() {
  const user = useAuthStatus().data?.user;
  return (
    <div className="mx-auto grid w-full max-w-4xl grid-cols-[minmax(0,1fr)] gap-8 px-4 py-6 sm:px-6 lg:py-8">
      <PageHeader
        title="Settings"
        description={user ? `Signed in as ${user.name ?? user.email ?? "you"}` : undefined}
      />
      <Section id="appearance" title="Appearance" description="Kept in this browser.">
        <ThemeChoice />
      </Section>
      <Section
        id="sessions"
        title="Where you are signed in"
        description="End a session that you do not know, or all of them."
      >
        <SessionList />
      </Section>
      <Section
        id="activity"
        title="Your activity"
        description="Sign-ins, uploads, approvals and writes, newest first. No cell values are kept here."
      >
        <AuditLog />
      </Section>
      <Section id="remove" title="Remove the account">
        <AccountRemoval />
      </Section>
    </div>
  );
}

interface SectionProps {
  id: string;
  title: string;
  description?: string;
  children: ReactNode;
}

function Section({ id, title, description, children }: SectionProps) {
  return (
    <section aria-labelledby={id} className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="grid gap-0.5">
        <h2 id={id} className="text-base font-semibold">
          {title}
        </h2>
        {description && <p className="text-muted-foreground">{description}</p>}
      </div>
      {children}
    </section>
  );
}

function ThemeChoice() {
  const { theme, setTheme } = useTheme();
  return (
    <ToggleGroup
      type="single"
      value={theme}
      onValueChange={(value) => isTheme(value) && setTheme(value)}
      aria-label="Theme"
    >
      <ToggleGroupItem value="light">
        <SunIcon /> Light
      </ToggleGroupItem>
      <ToggleGroupItem value="dark">
        <MoonIcon /> Dark
      </ToggleGroupItem>
      <ToggleGroupItem value="system">
        <MonitorIcon /> System
      </ToggleGroupItem>
    </ToggleGroup>
  );
}
