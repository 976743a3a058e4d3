"use client";

import type { ComponentProps } from "react";
import { Streamdown } from "streamdown";

/** Answers as Markdown. Images are left out (they would call other servers); links open apart and tell nobody where from. */
export function Markdown({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <Streamdown
      mode={streaming ? "streaming" : "static"}
      controls={false}
      linkSafety={{ enabled: false }}
      disallowedElements={["img", "iframe", "video", "audio"]}
      components={components}
      className="space-y-3 leading-relaxed"
    >
      {text}
    </Streamdown>
  );
}

function SafeLink({ href, children }: ComponentProps<"a">) {
  const safe = typeof href === "string" && /^(https?:|mailto:|\/(?!\/)|#)/i.test(href);
  if (!safe) return <span>{children}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="font-medium text-primary underline underline-offset-4"
    >
      {children}
    </a>
  );
}

const components = {
  a: SafeLink,
  img: () => null,
  ul: ({ children }: ComponentProps<"ul">) => (
    <ul className="list-disc space-y-1 pl-5">{children}</ul>
  ),
  ol: ({ children }: ComponentProps<"ol">) => (
    <ol className="list-decimal space-y-1 pl-5">{children}</ol>
  ),
  p: ({ children }: ComponentProps<"p">) => <p>{children}</p>,
  strong: ({ children }: ComponentProps<"strong">) => (
    <strong className="font-semibold">{children}</strong>
  ),
  inlineCode: ({ children }: ComponentProps<"code">) => (
    <code className="rounded bg-muted px-1 py-0.5 font-mono text-[0.85em]">{children}</code>
  ),
  h1: ({ children }: ComponentProps<"h1">) => <p className="text-base font-semibold">{children}</p>,
  h2: ({ children }: ComponentProps<"h2">) => <p className="text-base font-semibold">{children}</p>,
  h3: ({ children }: ComponentProps<"h3">) => <p className="font-semibold">{children}</p>,
};
