"use client";

import {
  ArrowRightIcon,
  CircleCheckIcon,
  CircleDashedIcon,
  CircleXIcon,
  DownloadIcon,
  EllipsisIcon,
  MessageSquareTextIcon,
  PencilIcon,
  TableIcon,
  Trash2Icon,
} from "lucide-react";
import Link from "next/link";
import { useRef, useState } from "react";
import { toast } from "sonner";

import { ConfirmDialog } from "@/components/portal/confirm-dialog";
import { useDatasetName } from "@/components/portal/dataset-name";
import { MiniGraph } from "@/components/portal/mini-graph";
import { NameField } from "@/components/schema/inline-name";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { useRemoveSchema } from "@/hooks/use-schemas";
import { errorMessage } from "@/lib/api/error";
import type { Conversation, SchemaSummary } from "@/lib/api/types";
import { datasetNameFault } from "@/lib/datasets";
import { formatDateTime, formatRelative, plural } from "@/lib/format";

interface DatasetCardProps {
  schema: SchemaSummary;
  rows: number | undefined;
  lastQuestion: Conversation | undefined;
}

export function DatasetCard({ schema, rows, lastQuestion }: DatasetCardProps) {
  const { shown: name, rename } = useDatasetName(schema);
  const [isRenaming, setIsRenaming] = useState(false);
  const finish = (next: string | null) => {
    setIsRenaming(false);
    if (next !== null) rename(next);
  };
  const isReady = schema.status === "executed";
  const review = `/portal/schema/review?id=${schema.id}`;
  const main = isReady ? `/portal/query?schema=${schema.id}` : review;
  const changedAt = schema.executed_at ?? schema.created_at;
  return (
    <article className="group relative flex min-w-0 flex-col overflow-hidden rounded-xl border bg-card shadow-card transition-shadow focus-within:border-ring/60 hover:border-input hover:shadow-md">
      <div className="flex h-36 items-center justify-center border-b bg-muted/50 px-4 py-3">
        <MiniGraph outline={schema.outline} />
      </div>
      <div className="flex flex-1 flex-col gap-3 p-4">
        <div className="flex items-start gap-2">
          <div className="grid min-w-0 flex-1 gap-1">
            <h2 className="truncate font-semibold" title={name}>
              {isRenaming ? (
                <span className="relative z-10 block p-1">
                  <NameField
                    name={name}
                    what="dataset"
                    faultOf={datasetNameFault}
                    onFinish={finish}
                    className="max-w-none"
                  />
                </span>
              ) : (
                <Link
                  href={main}
                  className="rounded-sm outline-none after:absolute after:inset-0 focus-visible:underline"
                >
                  {name}
                </Link>
              )}
            </h2>
            <p className="text-[0.8125rem] text-muted-foreground tabular-nums">
              {plural(schema.outline.table_count, "table")}
              {rows !== undefined && <> · {plural(rows, "row")}</>}
              {" · "}
              <time dateTime={changedAt} title={formatDateTime(changedAt)}>
                {formatRelative(changedAt)}
              </time>
            </p>
          </div>
          <CardMenu schema={schema} onRename={() => setIsRenaming(true)} />
        </div>
        {lastQuestion ? (
          <Link
            href={`/portal/query?schema=${schema.id}&c=${lastQuestion.id}`}
            className="relative z-10 flex min-w-0 items-center gap-2 rounded-sm text-[0.8125rem] text-muted-foreground outline-none hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/60"
          >
            <MessageSquareTextIcon aria-hidden="true" className="size-3.5 shrink-0" />
            <span className="sr-only">Last question: </span>
            <span className="truncate">{lastQuestion.title}</span>
          </Link>
        ) : (
          <p className="text-[0.8125rem] text-muted-foreground">
            {isReady ? "Nothing asked yet" : "Not imported yet"}
          </p>
        )}
        <div className="mt-auto flex items-center justify-between gap-2">
          <StatusBadge status={schema.status} />
          <span
            aria-hidden="true"
            className="flex items-center gap-1 text-[0.8125rem] font-medium text-primary"
          >
            {isReady ? "Ask" : "Review"}
            <ArrowRightIcon className="size-3.5 transition-transform group-hover:translate-x-0.5" />
          </span>
        </div>
      </div>
    </article>
  );
}

export function StatusBadge({ status }: { status: SchemaSummary["status"] }) {
  if (status === "executed") {
    return (
      <Badge variant="success">
        <CircleCheckIcon /> Ready
      </Badge>
    );
  }
  if (status === "failed") {
    return (
      <Badge variant="destructive">
        <CircleXIcon /> Import failed
      </Badge>
    );
  }
  return (
    <Badge variant="key">
      <CircleDashedIcon /> Waits for approval
    </Badge>
  );
}

function CardMenu({ schema, onRename }: { schema: SchemaSummary; onRename: () => void }) {
  const leadsToField = useRef(false);
  const [isAsking, setIsAsking] = useState(false);
  const remove = useRemoveSchema();
  const confirm = () =>
    remove.mutate(schema.id, {
      onSuccess: () => toast.success(`${schema.name} was removed`),
      onError: (error) =>
        toast.error(`${schema.name} was not removed`, { description: errorMessage(error) }),
    });
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button
            variant="ghost"
            size="icon-xs"
            className="relative z-10 -mt-0.5 -mr-1"
            aria-label={`More for ${schema.name}`}
          >
            <EllipsisIcon />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent
          align="end"
          onCloseAutoFocus={(event) => {
            if (!leadsToField.current) return;
            leadsToField.current = false;
            event.preventDefault();
          }}
        >
          <DropdownMenuItem
            onSelect={() => {
              leadsToField.current = true;
              onRename();
            }}
          >
            <PencilIcon /> Rename
          </DropdownMenuItem>
          <DropdownMenuItem asChild>
            <Link href={`/portal/schema/review?id=${schema.id}`}>
              <TableIcon /> Tables and graph
            </Link>
          </DropdownMenuItem>
          {schema.status === "executed" && (
            <DropdownMenuItem asChild>
              <a href={`/api/schema/${schema.id}/export`} download>
                <DownloadIcon /> Download the database
              </a>
            </DropdownMenuItem>
          )}
          <DropdownMenuSeparator />
          <DropdownMenuItem variant="destructive" onSelect={() => setIsAsking(true)}>
            <Trash2Icon /> Remove
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={`Remove ${schema.name}?`}
        description="Its database and the questions asked of it go for good. The uploaded files stay."
        action="Remove dataset"
        onConfirm={confirm}
      />
    </>
  );
}
