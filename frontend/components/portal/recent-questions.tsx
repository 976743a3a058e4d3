"use client";

import { MessageSquareTextIcon } from "lucide-react";
import Link from "next/link";

import { ErrorState } from "@/components/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useConversations } from "@/hooks/use-conversations";
import { useSchemas } from "@/hooks/use-schemas";
import { formatDateTime, formatRelative } from "@/lib/format";

const shownQuestions = 6;

export function RecentQuestions() {
  const conversations = useConversations();
  const schemas = useSchemas();
  const nameOf = new Map(schemas.data?.map(({ id, name }) => [id, name]));
  return (
    <section aria-labelledby="recent-title" className="grid content-start gap-3">
      <h2 id="recent-title" className="text-base font-semibold">
        Recent questions
      </h2>
      {conversations.isPending && (
        <div className="grid gap-px overflow-hidden rounded-xl border">
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} className="h-12 rounded-none" />
          ))}
        </div>
      )}
      {conversations.isError && (
        <ErrorState
          title="Your questions could not be read"
          error={conversations.error}
          onRetry={() => void conversations.refetch()}
        />
      )}
      {conversations.data?.length === 0 && (
        <p className="rounded-xl border border-dashed p-5 text-muted-foreground">
          Questions you ask are kept here, with their answers.
        </p>
      )}
      {conversations.data && conversations.data.length > 0 && (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card shadow-card">
          {conversations.data.slice(0, shownQuestions).map((conversation) => (
            <li key={conversation.id}>
              <Link
                href={`/portal/query?schema=${conversation.schema_id}&c=${conversation.id}`}
                className="flex items-center gap-3 px-4 py-2.5 outline-none hover:bg-accent/60 focus-visible:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60 focus-visible:ring-inset"
              >
                <MessageSquareTextIcon
                  aria-hidden="true"
                  className="size-4 shrink-0 text-muted-foreground"
                />
                <span className="grid min-w-0 flex-1">
                  <span className="truncate font-medium">{conversation.title}</span>
                  <span className="truncate text-[0.8125rem] text-muted-foreground">
                    {nameOf.get(conversation.schema_id) ?? "Dataset"}
                  </span>
                </span>
                <time
                  dateTime={conversation.updated_at}
                  title={formatDateTime(conversation.updated_at)}
                  className="shrink-0 text-xs text-muted-foreground"
                >
                  {formatRelative(conversation.updated_at)}
                </time>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
