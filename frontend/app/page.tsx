import { BotIcon, FileCheck2Icon, HardDriveIcon, LockKeyholeIcon } from "lucide-react";
import type { ReactNode } from "react";

import { SignIn } from "@/components/auth/sign-in-button";
import { ProductShot } from "@/components/landing/product-shot";
import { Logo } from "@/components/logo";
import { ThemeToggle } from "@/components/portal/theme-toggle";

const steps = [
  {
    title: "Upload",
    text: "Drop in CSV files as they are. Encodings, separators and types are found and shown.",
  },
  {
    title: "Generate",
    text: "Keys and relationships are looked for in the data itself, each with its evidence.",
  },
  {
    title: "Approve",
    text: "You review and change the tables. Nothing is built before you say so.",
  },
  {
    title: "Ask",
    text: "Plain questions, answered from your rows, with the SQL and the table as proof.",
  },
];

export default function LandingPage() {
  return (
    <div className="flex min-h-dvh flex-col overflow-x-clip">
      <header className="mx-auto flex h-14 w-full max-w-6xl items-center justify-between px-4 sm:px-6">
        <Logo />
        <ThemeToggle />
      </header>
      <main className="mx-auto w-full max-w-6xl flex-1 px-4 sm:px-6">
        <section className="grid items-center gap-10 py-10 lg:grid-cols-[5fr_7fr] lg:gap-14 lg:py-16">
          <div className="grid justify-items-start gap-6">
            <h1 className="text-4xl leading-[1.08] font-semibold tracking-[-0.03em] sm:text-5xl">
              Ask your CSV files. <span className="text-primary">See the proof.</span>
            </h1>
            <p className="max-w-lg text-base leading-relaxed text-muted-foreground sm:text-lg">
              Your files become one checked database, and your questions get answers from it, with
              the rows behind them. All on your own computer.
            </p>
            <div className="grid w-full justify-items-start gap-3">
              <SignIn next="/portal" className="max-sm:w-full" />
              <p className="text-[0.8125rem] text-muted-foreground">
                Sample data is included: you can try it in a minute.
              </p>
            </div>
          </div>
          <ProductShot className="lg:-mr-24" />
        </section>

        <section aria-labelledby="how" className="border-t py-12">
          <h2 id="how" className="sr-only">
            How it works
          </h2>
          <ol className="grid gap-8 sm:grid-cols-2 lg:grid-cols-4">
            {steps.map((step, index) => (
              <li key={step.title} className="grid content-start gap-2">
                <span className="flex items-center gap-2.5 text-base font-semibold">
                  <span
                    aria-hidden="true"
                    className="flex size-6 items-center justify-center rounded-full border border-primary/30 bg-success-soft text-xs font-semibold text-primary tabular-nums"
                  >
                    {index + 1}
                  </span>
                  {step.title}
                </span>
                <p className="leading-relaxed text-muted-foreground">{step.text}</p>
              </li>
            ))}
          </ol>
        </section>

        <section aria-labelledby="local" className="border-t py-12">
          <h2 id="local" className="mb-6 text-xl font-semibold">
            What stays on your computer
          </h2>
          <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
            <Assurance icon={<HardDriveIcon />} title="Your files">
              They are read and stored here. Nothing is sent to a cloud, and the page loads nothing
              from elsewhere.
            </Assurance>
            <Assurance icon={<BotIcon />} title="The model">
              Answers come from a local model, or from a built-in engine that needs none. You always
              see which.
            </Assurance>
            <Assurance icon={<LockKeyholeIcon />} title="Your data as it is">
              Questions can only read. Anything that would write waits for your word, and can be
              undone.
            </Assurance>
            <Assurance icon={<FileCheck2Icon />} title="The account of rows">
              Every row of every file is either in the database or listed with the reason why not.
            </Assurance>
          </div>
        </section>
      </main>
      <footer className="border-t">
        <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-5 text-[0.8125rem] text-muted-foreground sm:px-6">
          <span>Data Query Agent</span>
          <a
            href="/docs"
            className="rounded-sm underline-offset-4 outline-none hover:text-foreground hover:underline focus-visible:ring-[3px] focus-visible:ring-ring/60"
          >
            API reference
          </a>
        </div>
      </footer>
    </div>
  );
}

function Assurance({
  icon,
  title,
  children,
}: {
  icon: ReactNode;
  title: string;
  children: ReactNode;
}) {
  return (
    <div className="grid content-start gap-2 rounded-xl border bg-card p-5 shadow-card">
      <span aria-hidden="true" className="text-primary [&_svg]:size-5">
        {icon}
      </span>
      <h3 className="font-semibold">{title}</h3>
      <p className="leading-relaxed text-muted-foreground">{children}</p>
    </div>
  );
}
