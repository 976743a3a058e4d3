"use client";

import { BlocksIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { memo } from "react";

import { ClarifyCard } from "@/components/chat/clarify-card";
import { ReceiptCard } from "@/components/chat/receipt-card";
import { ToolSteps } from "@/components/chat/tool-steps";
import { WriteCard } from "@/components/chat/write-card";
import { CopyButton } from "@/components/schema/copy-button";
import { Button } from "@/components/ui/button";
import { blocksOf, isNotUnderstood, planBegun, textOf, type Block } from "@/lib/chat/parts";
import type { ChatMessage } from "@/lib/chat/types";
import type { PlanColumn } from "@/lib/plan/columns";
import type { PlanDocument, PlanStep } from "@/lib/plan/types";

const Markdown = dynamic(() => import("@/components/chat/markdown").then((m) => m.Markdown), {
  ssr: false,
});

/** How questions are asked by plans. */
export interface PlanTurns {
  columns: PlanColumn[];
  /** While an answer is on its way. */
  disabled: boolean;
  /** Asks with a plan; the words say it in the conversation. */
  step: (words: string, step: PlanStep) => void;
  /** Opens the builder, with a plan to begin with. */
  build: (document?: PlanDocument) => void;
}

export interface MessageContext {
  schemaId: string;
  /** Tables and columns, for completion in the editor. */
  names: Record<string, string[]>;
  ask: (text: string) => void;
  turns: PlanTurns;
  answerApproval: (id: string, approved: boolean) => void;
}

interface MessageViewProps {
  message: ChatMessage;
  isLast: boolean;
  context: MessageContext;
}

export const MessageView = memo(function MessageView({
  message,
  isLast,
  context,
}: MessageViewProps) {
  if (message.role === "user")
    return (
      <article aria-label="You asked" className="flex justify-end">
        <p className="max-w-[85%] rounded-2xl rounded-br-md bg-secondary px-4 py-2.5 leading-relaxed whitespace-pre-wrap text-secondary-foreground [overflow-wrap:anywhere]">
          {textOf(message)}
        </p>
      </article>
    );
  const blocks = blocksOf(message.parts);
  const text = textOf(message);
  const working = context.turns.disabled && isLast;
  if (blocks.length === 0) return null;
  return (
    <article
      aria-label="Answer"
      aria-busy={working}
      className="group/message flex min-w-0 flex-col gap-3"
    >
      {ordered(withoutEcho(blocks)).map((block) => (
        <BlockView key={block.key} block={block} isLast={isLast} context={context} />
      ))}
      {!working && isNotUnderstood(blocks) && (
        <Button
          variant="outline"
          size="sm"
          className="w-fit"
          disabled={context.turns.disabled}
          onClick={() => context.turns.build(planBegun(blocks))}
        >
          <BlocksIcon aria-hidden="true" />
          Build it instead
        </Button>
      )}
      {!working && text !== "" && (
        <div className="-my-2.5 opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100">
          <CopyButton text={text} label="Copy the answer" />
        </div>
      )}
    </article>
  );
});

/** What a card asks stands in the words as well, for who reads those alone: here once is enough. */
function withoutEcho(blocks: Block[]): Block[] {
  const asked = blocks.flatMap((b) => (b.kind === "clarify" ? [b.clarify.question] : []));
  return blocks.filter((b) => b.kind !== "text" || !asked.includes(b.text.trim()));
}

/** The answer in words comes before its proof; what stands between keeps its order. */
function ordered(blocks: Block[]): Block[] {
  const last = blocks.at(-1);
  const receipt = blocks.findIndex((b) => b.kind === "receipt");
  if (receipt < 0 || last?.kind !== "text") return blocks;
  const moved = blocks[receipt];
  return moved ? [...blocks.filter((_, i) => i !== receipt), moved] : blocks;
}

function BlockView({
  block,
  isLast,
  context,
}: {
  block: Block;
  isLast: boolean;
  context: MessageContext;
}) {
  switch (block.kind) {
    case "text":
      return (
        <div className="min-w-0 text-[0.9375rem] [overflow-wrap:anywhere]">
          <Markdown text={block.text} streaming={block.streaming} />
        </div>
      );
    case "reasoning":
      return (
        <details className="text-[0.8125rem] text-muted-foreground" open={block.streaming}>
          <summary className="w-fit rounded-sm outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60">
            {block.streaming ? "Thinking…" : "Thoughts"}
          </summary>
          <p className="mt-1 border-l-2 pl-3 leading-relaxed whitespace-pre-wrap">{block.text}</p>
        </details>
      );
    case "steps":
      return <ToolSteps steps={block.steps} />;
    case "write":
      return (
        <WriteCard step={block.step} names={context.names} onAnswer={context.answerApproval} />
      );
    case "receipt":
      return (
        <ReceiptCard
          receipt={block.receipt}
          schemaId={context.schemaId}
          names={context.names}
          turns={context.turns}
        />
      );
    case "error":
      return (
        <p className="rounded-lg border border-destructive/30 bg-danger-soft px-3 py-2">
          {block.message}
        </p>
      );
    case "clarify":
      return (
        <ClarifyCard
          clarify={block.clarify}
          disabled={context.turns.disabled || !isLast}
          onChoose={({ message, plan }) =>
            plan
              ? context.turns.step(message, { document: plan, changes: [] })
              : context.ask(message)
          }
        />
      );
  }
}
