"use client";

import { DownloadIcon } from "lucide-react";

import { CopyButton } from "@/components/schema/copy-button";
import { SqlCode } from "@/components/schema/sql-code";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { ToggleGroup, ToggleGroupItem } from "@/components/ui/toggle-group";
import { useDefinition } from "@/hooks/use-definition";
import { useUrlState } from "@/hooks/use-url-state";
import { errorMessage } from "@/lib/api/error";
import { downloadText } from "@/lib/chat/download";
import { DEFINITION_FORMATS, DEFINITIONS, fileName, readFormat } from "@/lib/er/definition";

interface DefinitionViewProps {
  schemaId: string;
  name: string;
  /** Whether the newest change is stored. */
  isSaved: boolean;
}

/** The tables as text in one of several languages, to copy or to take along. */
export function DefinitionView({ schemaId, name, isSaved }: DefinitionViewProps) {
  const [params, setParams] = useUrlState();
  const format = readFormat(params.get("format"));
  const { label, words, fileEnding, mediaType, isSql } = DEFINITIONS[format];
  const definition = useDefinition(schemaId, format);
  const text = definition.data ?? "";
  const isStale = !isSaved || (definition.isFetching && !definition.isPending);
  return (
    <div className="overflow-hidden rounded-xl border bg-card shadow-card">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b bg-muted/50 px-2 py-1.5">
        <ToggleGroup
          type="single"
          value={format}
          onValueChange={(next) => next && setParams({ format: next === "sqlite" ? null : next })}
          aria-label="Language"
          className="max-w-full overflow-x-auto bg-background/60"
        >
          {DEFINITION_FORMATS.map((each) => (
            <ToggleGroupItem key={each} value={each}>
              {DEFINITIONS[each].label}
            </ToggleGroupItem>
          ))}
        </ToggleGroup>
        <div className="flex min-w-0 flex-1 basis-48 items-center gap-1">
          <p className="min-w-0 flex-1 pl-1.5 text-muted-foreground" role="status">
            {isStale ? "As last saved; your newest change is not in it yet." : words}
          </p>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Download as a file"
            disabled={!definition.isSuccess}
            onClick={() => downloadText(text, fileName(name, fileEnding), mediaType)}
          >
            <DownloadIcon />
          </Button>
          <CopyButton text={text} label={`Copy the ${isSql ? "SQL" : "text"}`} />
        </div>
      </div>
      {definition.isPending && <Skeleton className="m-4 h-40" />}
      {definition.isError && (
        <p role="alert" className="p-4 text-destructive">
          {errorMessage(definition.error)}{" "}
          <Button variant="link" className="h-auto px-0" onClick={() => void definition.refetch()}>
            Try again
          </Button>
        </p>
      )}
      {definition.isSuccess && (
        <SqlCode sql={text} isPlain={!isSql} label={`The tables in ${label}`} className="p-4" />
      )}
    </div>
  );
}
