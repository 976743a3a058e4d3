"use client";

import {
  ArrowUpIcon,
  BlocksIcon,
  CpuIcon,
  DatabaseIcon,
  SparklesIcon,
  SquareIcon,
} from "lucide-react";
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from "react";

import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useLlm } from "@/hooks/use-llm";

export interface ComposerHandle {
  /** Puts text where the caret is, and the caret after it. */
  insert: (text: string) => void;
  focus: () => void;
  /** Gives back a question that did not get away, unless another is being written. */
  giveBack: (question: string) => void;
  /** Takes out a question that was given back, when it is sent from elsewhere. */
  takeOut: (question: string) => void;
}

interface ComposerProps {
  ref?: Ref<ComposerHandle>;
  dataset: string;
  busy: boolean;
  onAsk: (text: string) => void;
  onBuild: () => void;
  onStop: () => void;
}

export function Composer({ ref, dataset, busy, onAsk, onBuild, onStop }: ComposerProps) {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({
    insert: (added) => {
      const at = field.current?.selectionStart ?? text.length;
      const before = text.slice(0, at);
      const glue = before === "" || /\s$/.test(before) ? "" : " ";
      setText(`${before}${glue}${added} ${text.slice(at)}`);
      const caret = before.length + glue.length + added.length + 1;
      requestAnimationFrame(() => {
        field.current?.focus();
        field.current?.setSelectionRange(caret, caret);
      });
    },
    focus: () => field.current?.focus(),
    giveBack: (question) => setText((now) => (now.trim() === "" ? question : now)),
    takeOut: (question) => setText((now) => (now.trim() === question ? "" : now)),
  }));
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, 200)}px`;
  }, [text]);
  const send = () => {
    const question = text.trim();
    if (question === "" || busy) return;
    onAsk(question);
    setText("");
  };
  return (
    <form
      className="rounded-2xl border border-input bg-card shadow-sm transition-shadow focus-within:border-ring focus-within:ring-[3px] focus-within:ring-ring/35"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        value={text}
        rows={1}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => {
          if (e.key !== "Enter" || e.shiftKey || e.nativeEvent.isComposing) return;
          e.preventDefault();
          send();
        }}
        placeholder="Ask about your data…"
        aria-label="Your question"
        aria-keyshortcuts="/"
        className="block w-full resize-none bg-transparent px-4 pt-3 pb-1 text-[0.9375rem] leading-relaxed outline-none placeholder:text-muted-foreground max-sm:text-base"
      />
      <div className="flex items-center gap-3 px-2 pb-2 pl-4 text-xs text-muted-foreground">
        <span className="flex min-w-0 items-center gap-1.5" title="The data you ask about">
          <DatabaseIcon className="size-3.5 shrink-0" aria-hidden="true" />
          <span className="truncate">{dataset}</span>
        </span>
        <EngineName />
        <span className="ml-auto hidden items-center gap-1 sm:flex">
          {busy ? (
            <>
              <Kbd>Esc</Kbd> stops
            </>
          ) : (
            <>
              <Kbd>/</Kbd> to write
            </>
          )}
        </span>
        <Button
          variant="ghost"
          size="sm"
          className="h-8 px-2 text-xs font-normal text-muted-foreground max-sm:ml-auto"
          onClick={onBuild}
        >
          <BlocksIcon className="size-3.5!" aria-hidden="true" />
          <span>
            Build<span className="max-sm:sr-only"> a question</span>
          </span>
        </Button>
        {busy ? (
          <Button
            size="icon-sm"
            variant="secondary"
            className="rounded-full"
            onClick={onStop}
            aria-label="Stop"
          >
            <SquareIcon className="size-3! fill-current" />
          </Button>
        ) : (
          <Button
            type="submit"
            size="icon-sm"
            className="rounded-full"
            disabled={text.trim() === ""}
            aria-label="Ask"
          >
            <ArrowUpIcon />
          </Button>
        )}
      </div>
    </form>
  );
}

function EngineName() {
  const llm = useLlm();
  if (!llm.data) return null;
  const model = llm.data.reachable && llm.data.model ? llm.data.model : null;
  const place = llm.data.on_this_machine ? "on your own machine" : `at ${llm.data.server}`;
  return (
    <span
      className="flex min-w-0 items-center gap-1.5"
      title={
        model
          ? `Answered by the model ${model} ${place}`
          : "Answered by built-in rules, without a model"
      }
    >
      {model ? (
        <SparklesIcon className="size-3.5 shrink-0" aria-hidden="true" />
      ) : (
        <CpuIcon className="size-3.5 shrink-0" aria-hidden="true" />
      )}
      <span className="truncate">
        {model ?? "built-in engine"}
        {model && !llm.data.on_this_machine && ` at ${llm.data.server}`}
      </span>
    </span>
  );
}
