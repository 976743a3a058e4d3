import { useMemo } from "react";

import { tokenize, type Token, type TokenKind } from "@/lib/chat/sql";
import { cn } from "@/lib/utils";

const COLOURS: Partial<Record<TokenKind, string>> = {
  keyword: "text-primary font-medium",
  string: "text-key",
  number: "text-reference",
  comment: "text-muted-foreground italic",
  punctuation: "text-muted-foreground",
};

interface SqlCodeProps {
  sql: string;
  className?: string;
  label?: string;
  /** Text of another language: shown without colours. */
  isPlain?: boolean;
}

/** Highlighted SQL to read; an editor is loaded only where SQL is written. */
export function SqlCode({ sql, className, label = "SQL", isPlain = false }: SqlCodeProps) {
  const tokens = useMemo<Token[]>(
    () => (isPlain ? [{ kind: "word", text: sql }] : tokenize(sql)),
    [sql, isPlain],
  );
  return (
    <pre
      className={cn(
        "overflow-x-auto p-3 font-mono text-[0.8125rem] leading-relaxed outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50",
        className,
      )}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <code>
        {tokens.map((token, i) => {
          const colour = COLOURS[token.kind];
          return colour ? (
            <span key={i} className={colour}>
              {token.text}
            </span>
          ) : (
            token.text
          );
        })}
      </code>
    </pre>
  );
}
