"use client";

import { LoaderIcon, RotateCcwIcon, TriangleAlertIcon } from "lucide-react";
import dynamic from "next/dynamic";
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type RefObject,
} from "react";

import { Composer, type ComposerHandle } from "@/components/chat/composer";
import { MessageView, type MessageContext } from "@/components/chat/message-view";
import { Button } from "@/components/ui/button";
import { useChatSession } from "@/hooks/use-chat-session";
import { useQuestionSuggestions } from "@/hooks/use-schema-details";
import { errorMessage } from "@/lib/api/error";
import { columnsOf } from "@/lib/plan/columns";
import type { PlanDocument } from "@/lib/plan/types";
import { blocksOf, isEmptyAnswer, textOf } from "@/lib/chat/parts";
import type { ChatMessage } from "@/lib/chat/types";
import type { SchemaResource } from "@/lib/er/model";

// The builder's own code comes when it is opened.
const Builder = dynamic(() => import("@/components/plan/builder").then((m) => m.Builder), {
  ssr: false,
});

const KEPT = " Your question is back in the field below.";
const FOLLOW_UPS = 3;
const NEAR_END_PX = 120;

interface ChatProps {
  schema: SchemaResource;
  conversationId: string | null;
  initial: ChatMessage[];
  composer: RefObject<ComposerHandle | null>;
  onConversation: (id: string) => void;
}

export function Chat({ schema, conversationId, initial, composer, onConversation }: ChatProps) {
  const session = useChatSession({ schemaId: schema.id, conversationId, initial, onConversation });
  const suggestions = useQuestionSuggestions(schema.id).data?.questions ?? [];
  const { messages, busy, ask, step, stop, answerApproval, unsent } = session;
  useEffect(() => {
    if (unsent !== null) composer.current?.giveBack(unsent);
  }, [composer, unsent]);
  const [building, setBuilding] = useState<{ from?: PlanDocument } | null>(null);
  const build = useCallback((from?: PlanDocument) => setBuilding({ from }), []);
  const retry = () => {
    if (unsent !== null) composer.current?.takeOut(unsent);
    session.retry();
  };
  const columns = useMemo(() => columnsOf(schema.schema_json), [schema]);
  const context: MessageContext = useMemo(
    () => ({
      schemaId: schema.id,
      names: Object.fromEntries(
        schema.schema_json.tables.map((t) => [t.name, t.columns.map((c) => c.name)]),
      ),
      ask,
      turns: { columns, disabled: busy, step, build },
      answerApproval,
    }),
    [schema, columns, busy, ask, step, build, answerApproval],
  );
  const end = useStickToEnd(messages);
  useEscape(busy, stop);
  const asked = new Set(
    messages.filter((m) => m.role === "user").map((m) => textOf(m).toLowerCase()),
  );
  const open = suggestions.filter((q) => !asked.has(q.toLowerCase()));
  const last = messages.at(-1);
  const settled = !busy && !session.error && last?.role === "assistant";
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div
        ref={end}
        className="min-h-0 flex-1 overflow-y-auto outline-none"
        tabIndex={0}
        role="log"
        aria-label="Conversation"
        aria-live="off"
      >
        <div className="mx-auto flex min-h-full w-full max-w-3xl flex-col gap-6 px-4 py-6 sm:px-6">
          {messages.length === 0 ? (
            <Welcome
              name={schema.name}
              tables={schema.schema_json.tables.length}
              questions={suggestions}
              onAsk={ask}
            />
          ) : (
            <>
              <h1 className="sr-only">Conversation about {schema.name}</h1>
              {messages.map((message) => (
                <MessageView
                  key={message.id}
                  message={message}
                  isLast={message === last}
                  context={context}
                />
              ))}
            </>
          )}
          <Now session={session} />
          {settled && isEmptyAnswer(last) && session.ending === null && (
            <Trouble
              text="The answer came without any content. Ask again, perhaps in other words."
              onRetry={session.retry}
            />
          )}
          {session.ending === "cut" && (
            <Trouble
              text="The connection ended before the answer was complete."
              onRetry={session.retry}
            />
          )}
          {session.ending === "stopped" && (
            <p className="flex items-center gap-2 text-muted-foreground">
              Stopped.
              <Button variant="link" size="sm" className="px-0" onClick={session.retry}>
                Ask again
              </Button>
            </p>
          )}
          {session.error && (
            <Trouble
              text={`${errorMessage(session.error)}${unsent === null ? "" : KEPT}`}
              onRetry={retry}
            />
          )}
          {settled && session.ending === null && !waitsForUser(last) && open.length > 0 && (
            <FollowUps questions={open.slice(0, FOLLOW_UPS)} onAsk={ask} />
          )}
        </div>
      </div>
      <div className="mx-auto w-full max-w-3xl px-4 pb-4 sm:px-6">
        <Composer
          ref={composer}
          dataset={schema.name}
          busy={busy}
          onAsk={ask}
          onBuild={() => build()}
          onStop={() => void stop()}
        />
      </div>
      {building && (
        <Builder
          schemaId={schema.id}
          columns={columns}
          from={building.from}
          isAnswering={busy}
          onAsk={(words, step) => {
            setBuilding(null);
            session.step(words, step);
          }}
          onClose={() => setBuilding(null)}
          onAsked={() => composer.current?.focus()}
        />
      )}
    </div>
  );
}

/** The answer itself asks something: a choice or an approval comes before another question. */
function waitsForUser(message: ChatMessage): boolean {
  return blocksOf(message.parts).some(
    (b) => b.kind === "clarify" || (b.kind === "write" && b.step.state === "approval-requested"),
  );
}

function Now({ session }: { session: ReturnType<typeof useChatSession> }) {
  const words = session.busy ? (session.status?.message ?? "Reading your question") : "";
  return (
    <p
      role="status"
      className={session.busy ? "flex items-center gap-2 text-muted-foreground" : "sr-only"}
    >
      {session.busy && <LoaderIcon className="size-4 animate-spin" aria-hidden="true" />}
      {session.busy
        ? `${words.replace(/[.…]+$/, "")}…`
        : session.messages.at(-1)?.role === "assistant"
          ? "Answered."
          : ""}
    </p>
  );
}

function Trouble({ text, onRetry }: { text: string; onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-xl border border-destructive/30 bg-danger-soft px-4 py-3"
    >
      <TriangleAlertIcon className="size-4 shrink-0 text-destructive" aria-hidden="true" />
      <p className="min-w-0 flex-1 basis-48">{text}</p>
      <Button variant="outline" size="sm" onClick={onRetry}>
        <RotateCcwIcon aria-hidden="true" />
        Try again
      </Button>
    </div>
  );
}

interface QuestionsProps {
  questions: string[];
  onAsk: (question: string) => void;
}

function Welcome({
  name,
  tables,
  questions,
  onAsk,
}: QuestionsProps & { name: string; tables: number }) {
  return (
    <div className="my-auto flex flex-col items-center py-8 text-center">
      <h1 className="text-2xl font-semibold text-balance">
        What do you want to know about {name}?
      </h1>
      <p className="mt-2 max-w-md text-muted-foreground">
        Every answer comes from your {tables === 1 ? "table" : `${tables} tables`}, with the rows
        and the SQL behind it.
      </p>
      {questions.length > 0 && (
        <ul className="mt-8 grid w-full gap-2 text-left sm:grid-cols-2">
          {questions.slice(0, 6).map((q) => (
            <li key={q}>
              <button
                type="button"
                onClick={() => onAsk(q)}
                className="h-full w-full rounded-xl border bg-card px-4 py-3 text-left shadow-card transition-colors outline-none hover:border-primary/40 hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60"
              >
                {q}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function FollowUps({ questions, onAsk }: QuestionsProps) {
  return (
    <ul aria-label="Questions you could ask next" className="flex flex-wrap gap-2">
      {questions.map((q) => (
        <li key={q}>
          <Button
            variant="outline"
            size="sm"
            className="h-auto min-h-8 rounded-full py-1 text-left font-normal whitespace-normal"
            onClick={() => onAsk(q)}
          >
            {q}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Keeps the newest words in sight, unless the reader has scrolled away from them. */
function useStickToEnd(messages: ChatMessage[]) {
  const box = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let before = element.scrollTop;
    const onScroll = () => {
      const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
      // An answer that grew before the event came is no reader who went away: only one who scrolled up is.
      if (distance < NEAR_END_PX) near.current = true;
      else if (element.scrollTop < before) near.current = false;
      before = element.scrollTop;
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    const content = element.firstElementChild;
    const observer = new ResizeObserver(() => {
      if (near.current) element.scrollTop = element.scrollHeight;
    });
    if (content) observer.observe(content);
    return () => {
      element.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, []);
  const questions = messages.filter((m) => m.role === "user").length;
  useLayoutEffect(() => {
    near.current = true;
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [questions]);
  return box;
}

function useEscape(active: boolean, onEscape: () => Promise<void>) {
  const stop = useCallback(
    (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) void onEscape();
    },
    [onEscape],
  );
  useEffect(() => {
    if (!active) return;
    window.addEventListener("keydown", stop);
    return () => window.removeEventListener("keydown", stop);
  }, [active, stop]);
}
