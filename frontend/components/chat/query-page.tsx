"use client";

import { DatabaseIcon, TriangleAlertIcon } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";

import type { ComposerHandle } from "@/components/chat/composer";
import { ConversationList } from "@/components/chat/conversation-list";
import { type NamedSchema, QueryToolbar, type SheetName } from "@/components/chat/query-toolbar";
import { SchemaPanel } from "@/components/chat/schema-panel";
import { Button } from "@/components/ui/button";
import { Empty, EmptyDescription, EmptyIcon, EmptyTitle } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { useConversation } from "@/hooks/use-conversation";
import { useSchema, useSchemas } from "@/hooks/use-schemas";
import { useUrlState } from "@/hooks/use-url-state";
import { ApiError, errorMessage } from "@/lib/api/error";
import type { SchemaResource } from "@/lib/er/model";
import { cn } from "@/lib/utils";

// The page stands before the chat's own code has arrived.
const Chat = dynamic(() => import("@/components/chat/chat").then((m) => m.Chat), {
  ssr: false,
  loading: () => <ChatSkeleton />,
});
const SqlRunner = dynamic(() => import("@/components/chat/sql-runner").then((m) => m.SqlRunner), {
  ssr: false,
  loading: () => <Skeleton className="m-2 h-24" />,
});

export function QueryPage() {
  const schemas = useSchemas();
  const [params] = useUrlState();
  const wanted = params.get("schema");
  const ready = schemas.data?.filter((s) => s.status === "executed") ?? [];
  const chosen = wanted ?? ready[0]?.id ?? null;
  // The list has schemas in outline, and the newest only.
  const opened = useSchema(chosen);
  if (schemas.isPending) return <PageSkeleton />;
  if (schemas.isError)
    return (
      <Message
        icon={<TriangleAlertIcon />}
        title="Your data could not be listed"
        text={errorMessage(schemas.error)}
      >
        <Button onClick={() => void schemas.refetch()}>Try again</Button>
      </Message>
    );
  if (chosen !== null && opened.isPending) return <PageSkeleton />;
  const schema = opened.data;
  if (schema?.status === "executed") {
    const isListed = ready.some((s) => s.id === schema.id);
    return <Ask schema={schema} schemas={isListed ? ready : [schema, ...ready]} />;
  }
  if (opened.isError && !(opened.error instanceof ApiError && opened.error.status === 404))
    return (
      <Message
        icon={<TriangleAlertIcon />}
        title="This dataset could not be opened"
        text={errorMessage(opened.error)}
      >
        <Button onClick={() => void opened.refetch()}>Try again</Button>
      </Message>
    );
  const waiting = wanted ? schema : schemas.data[0];
  if (waiting)
    return (
      <Message
        icon={<DatabaseIcon />}
        title={`${waiting.name} is not imported yet`}
        text="Approve the schema first; then you can ask."
      >
        <Button asChild>
          <Link href={`/portal/schema/review?id=${waiting.id}`}>Review and import</Link>
        </Button>
      </Message>
    );
  return wanted ? (
    <Message icon={<DatabaseIcon />} title="There is no such data" text="It may have been removed.">
      <Button asChild>
        <Link href="/portal">To your data</Link>
      </Button>
    </Message>
  ) : (
    <Message
      icon={<DatabaseIcon />}
      title="There is nothing to ask yet"
      text="Upload CSV files, or try the sample data, and have a schema made from them."
    >
      <Button asChild>
        <Link href="/portal/upload">Upload files</Link>
      </Button>
    </Message>
  );
}

/** Which conversation is shown. A new one keeps its place in the page when it gets its id. */
interface Shown {
  mount: string;
  conversation: string | null;
  inUrl: string | null;
}

let newConversations = 0;
const freshMount = () => `new-${(newConversations += 1)}`;

/** The conversation of the URL, and how to go to another one. */
function useShownConversation(schemaId: string) {
  const [params, setParams] = useUrlState();
  const inUrl = params.get("c");
  const [shown, setShown] = useState<Shown>({
    mount: inUrl ?? "new-0",
    conversation: inUrl,
    inUrl,
  });
  if (inUrl !== shown.inUrl) {
    const known = inUrl === shown.conversation;
    setShown({ mount: known ? shown.mount : (inUrl ?? freshMount()), conversation: inUrl, inUrl });
  }
  const adopt = useCallback(
    (id: string) => {
      setShown((s) => ({ ...s, conversation: id }));
      setParams({ schema: schemaId, c: id });
    },
    [schemaId, setParams],
  );
  const open = (id: string | null) => {
    if (id === null && inUrl === null)
      setShown({ mount: freshMount(), conversation: null, inUrl: null });
    setParams({ schema: schemaId, c: id, mode: null, sql: null }, "push");
  };
  return { shown, adopt, open };
}

function Ask({ schema, schemas }: { schema: SchemaResource; schemas: NamedSchema[] }) {
  const [params] = useUrlState();
  const { shown, adopt, open } = useShownConversation(schema.id);
  const composer = useRef<ComposerHandle>(null);
  const [panel, setPanel] = useState(true);
  const [sheet, setSheet] = useState<SheetName | null>(null);
  useSlashKey(composer);
  const show = (id: string | null) => {
    setSheet(null);
    open(id);
    if (id === null) setTimeout(() => composer.current?.focus());
  };
  const insert = (text: string) => {
    setSheet(null);
    setTimeout(() => composer.current?.insert(text));
  };
  const conversations = (
    <ConversationList schemaId={schema.id} current={shown.conversation} onOpen={show} />
  );
  const tables = <SchemaPanel schema={schema.schema_json} onInsert={insert} />;
  return (
    <div className="flex h-[calc(100dvh-var(--header-height))] min-h-0">
      <aside
        aria-label="Conversations"
        className="hidden w-64 shrink-0 flex-col border-r bg-muted/30 lg:flex"
      >
        {conversations}
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <QueryToolbar
          schema={schema}
          schemas={schemas}
          conversations={conversations}
          tables={tables}
          sheet={sheet}
          onSheet={setSheet}
          panel={panel}
          onPanel={setPanel}
        />
        {params.get("mode") === "sql" ? (
          <SqlByHand schema={schema} initial={params.get("sql") ?? starter(schema)} />
        ) : (
          <ChatLoader
            key={`${schema.id}:${shown.mount}`}
            schema={schema}
            conversationId={shown.conversation}
            composer={composer}
            onConversation={adopt}
            onNew={() => show(null)}
          />
        )}
      </div>
      <aside
        aria-label="Tables"
        className={cn("hidden w-72 shrink-0 flex-col border-l bg-muted/30", panel && "xl:flex")}
      >
        {tables}
      </aside>
    </div>
  );
}

function SqlByHand({ schema, initial }: { schema: SchemaResource; initial: string }) {
  const names = Object.fromEntries(
    schema.schema_json.tables.map((t) => [t.name, t.columns.map((c) => c.name)]),
  );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4 sm:p-6">
      <section
        aria-label="SQL by hand"
        className="mx-auto max-w-4xl overflow-hidden rounded-xl border bg-card shadow-card"
      >
        <h1 className="px-3 pt-3 pb-2 font-semibold">
          SQL by hand <span className="font-normal text-muted-foreground">(read-only)</span>
        </h1>
        <SqlRunner key={schema.id} schemaId={schema.id} initial={initial} names={names} />
      </section>
    </div>
  );
}

function starter(schema: SchemaResource): string {
  const table = schema.schema_json.tables[0]?.name ?? "";
  return `SELECT *\nFROM "${table.replaceAll('"', '""')}"\nLIMIT 20`;
}

interface ChatLoaderProps {
  schema: SchemaResource;
  conversationId: string | null;
  composer: React.RefObject<ComposerHandle | null>;
  onConversation: (id: string) => void;
  onNew: () => void;
}

/** Reads a stored conversation once; after that the page's own messages count. */
function ChatLoader({ schema, conversationId, composer, onConversation, onNew }: ChatLoaderProps) {
  const [stored] = useState(conversationId);
  const conversation = useConversation(stored);
  if (stored !== null && conversation.isPending) return <ChatSkeleton />;
  if (stored !== null && conversation.isError) {
    const gone = conversation.error instanceof ApiError && conversation.error.status === 404;
    return (
      <Message
        icon={<TriangleAlertIcon />}
        title={gone ? "This conversation is gone" : "The conversation could not be loaded"}
        text={errorMessage(conversation.error)}
      >
        {!gone && <Button onClick={() => void conversation.refetch()}>Try again</Button>}
        <Button variant="outline" onClick={onNew}>
          New conversation
        </Button>
      </Message>
    );
  }
  return (
    <Chat
      schema={schema}
      conversationId={conversationId}
      initial={conversation.data?.messages ?? []}
      composer={composer}
      onConversation={onConversation}
    />
  );
}

function Message({
  icon,
  title,
  text,
  children,
}: {
  icon: ReactNode;
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <Empty className="m-6 flex-1">
      <EmptyIcon>{icon}</EmptyIcon>
      <EmptyTitle>{title}</EmptyTitle>
      <EmptyDescription>{text}</EmptyDescription>
      <div className="flex gap-2">{children}</div>
    </Empty>
  );
}

function PageSkeleton() {
  return (
    <div className="flex flex-1" aria-busy="true" aria-label="Loading">
      <div className="hidden w-64 flex-col gap-3 border-r p-4 lg:flex">
        <Skeleton className="h-9" />
        <Skeleton className="h-7" />
        <Skeleton className="h-7" />
      </div>
      <div className="mx-auto flex w-full max-w-3xl flex-col justify-end gap-4 p-6">
        <Skeleton className="h-24" />
      </div>
    </div>
  );
}

function useSlashKey(composer: React.RefObject<ComposerHandle | null>) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement | null;
      if (target?.closest("input, textarea, select, [contenteditable=true]")) return;
      event.preventDefault();
      composer.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [composer]);
}

function ChatSkeleton() {
  return (
    <div
      className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-6 p-6"
      aria-busy="true"
      aria-label="Loading the conversation"
    >
      <Skeleton className="h-10 w-1/2 self-end" />
      <Skeleton className="h-64" />
    </div>
  );
}
