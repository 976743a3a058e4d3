"use client";

import { PlayIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useRef, useState } from "react";

import { ExportButtons, ResultView } from "@/components/chat/result-view";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Skeleton } from "@/components/ui/skeleton";
import { useQuerySql } from "@/hooks/use-query-sql";
import { errorMessage } from "@/lib/api/error";
import { formatMs } from "@/lib/chat/format";
import { plural } from "@/lib/format";

const SqlEditor = dynamic(() => import("@/components/chat/sql-editor").then((m) => m.SqlEditor), {
  ssr: false,
  loading: () => <Skeleton className="m-2 h-24" />,
});

interface SqlRunnerProps {
  schemaId: string;
  initial: string;
  names: Record<string, string[]>;
}

/** SQL by hand, read-only, and its result. */
export function SqlRunner({ schemaId, initial, names }: SqlRunnerProps) {
  const [text, setText] = useState(initial);
  const query = useQuerySql(schemaId);
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  }, [text]);
  const { mutate } = query;
  const run = useCallback(() => {
    if (latest.current.trim() !== "") mutate(latest.current);
  }, [mutate]);
  const ran = query.variables ?? "";
  return (
    <div>
      <div className="border-b bg-muted/30">
        <SqlEditor value={text} onChange={setText} onRun={run} names={names} />
      </div>
      <div className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
        <Button size="sm" onClick={run} disabled={query.isPending || text.trim() === ""}>
          <PlayIcon aria-hidden="true" />
          {query.isPending ? "Running…" : "Run"}
        </Button>
        <span className="text-xs text-muted-foreground max-sm:hidden">
          <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd>
        </span>
        <p role="status" className="tabular ml-auto text-xs text-muted-foreground">
          {query.data &&
            `${plural(query.data.row_count, "row")}${query.data.truncated ? " (cut off)" : ""} in ${formatMs(query.data.elapsed_ms)}`}
        </p>
        {query.data && <ExportButtons schemaId={schemaId} sql={ran} />}
      </div>
      {query.isError && (
        <p role="alert" className="p-3 text-destructive">
          {errorMessage(query.error)}
        </p>
      )}
      {query.data && <ResultView result={query.data} />}
    </div>
  );
}
