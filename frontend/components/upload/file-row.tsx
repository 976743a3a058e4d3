"use client";

import { ChevronRightIcon, CircleHelpIcon, Trash2Icon, TriangleAlertIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "sonner";

import { ConfirmDialog } from "@/components/portal/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Collapsible, CollapsibleContent, CollapsibleTrigger } from "@/components/ui/collapsible";
import { Skeleton } from "@/components/ui/skeleton";
import { WarningList } from "@/components/upload/warning-list";
import { useRemoveCsv } from "@/hooks/use-csv-uploads";
import { errorMessage } from "@/lib/api/error";
import type { CsvUpload } from "@/lib/api/types";
import { describeDialect, unsureBelow } from "@/lib/dialect";
import { formatBytes, formatNumber, plural } from "@/lib/format";

const CsvGrid = dynamic(
  () => import("@/components/upload/csv-grid").then((module) => module.CsvGrid),
  { ssr: false, loading: () => <Skeleton className="h-96 w-full rounded-none" /> },
);

interface FileRowProps {
  upload: CsvUpload;
  /** All files, to tell which columns look like references. */
  others: CsvUpload[];
  /** Names of the schemas that use it. */
  usedIn: string[];
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}

export function FileRow({ upload, others, usedIn, isChosen, onChoose }: FileRowProps) {
  const [isOpen, setIsOpen] = useState(false);
  const name = upload.original_filename;
  return (
    <li className="min-w-0 overflow-hidden rounded-xl border bg-card shadow-card">
      <Collapsible open={isOpen} onOpenChange={setIsOpen}>
        <div className="flex items-center gap-3 p-3 pl-4">
          <Checkbox
            checked={isChosen}
            onCheckedChange={(checked) => onChoose(checked === true)}
            aria-label={`Use ${name} in the schema`}
          />
          <CollapsibleTrigger className="group flex min-w-0 flex-1 items-center gap-2 rounded-md py-1 text-left outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60">
            <ChevronRightIcon
              aria-hidden="true"
              className="size-4 shrink-0 text-muted-foreground transition-transform group-data-[state=open]:rotate-90"
            />
            <span className="grid min-w-0 flex-1 gap-0.5">
              <span className="truncate font-medium" title={name}>
                {name}
              </span>
              <span className="text-[0.8125rem] text-muted-foreground tabular-nums">
                {plural(upload.row_count, "row")} × {plural(upload.columns.length, "column")}
                {upload.rejected_count > 0 && `, ${formatNumber(upload.rejected_count)} set aside`}
                {" · "}
                {formatBytes(upload.file_size)}
                {" · "}
                {describeDialect(upload.dialect)}
              </span>
            </span>
          </CollapsibleTrigger>
          <div className="flex shrink-0 items-center gap-2">
            <FileBadges upload={upload} usedIn={usedIn} />
            <RemoveButton upload={upload} usedIn={usedIn} />
          </div>
        </div>
        <CollapsibleContent className="border-t">
          {upload.warnings.length > 0 && <WarningList warnings={upload.warnings} />}
          <CsvGrid upload={upload} others={others} />
        </CollapsibleContent>
      </Collapsible>
    </li>
  );
}

function FileBadges({ upload, usedIn }: Pick<FileRowProps, "upload" | "usedIn">) {
  const warnings = upload.warnings.length;
  const isUnsure = upload.dialect.confidence < unsureBelow;
  return (
    <>
      {warnings > 0 && (
        <Badge variant="warning">
          <TriangleAlertIcon />
          {warnings}
          <span className="max-sm:sr-only"> {warnings === 1 ? "warning" : "warnings"}</span>
        </Badge>
      )}
      {isUnsure && (
        <Badge variant="warning" title="Check the columns: the separator was not clear.">
          <CircleHelpIcon />
          <span className="max-sm:sr-only">Check the columns</span>
        </Badge>
      )}
      {usedIn.length > 0 && (
        <Badge variant="secondary" className="max-md:hidden" title={usedIn.join(", ")}>
          In {usedIn.length === 1 ? "a dataset" : plural(usedIn.length, "dataset")}
        </Badge>
      )}
    </>
  );
}

function RemoveButton({ upload, usedIn }: Pick<FileRowProps, "upload" | "usedIn">) {
  const [isAsking, setIsAsking] = useState(false);
  const remove = useRemoveCsv();
  const name = upload.original_filename;
  const confirm = () =>
    remove.mutate(upload.id, {
      onSuccess: () => toast.success(`${name} was removed`),
      onError: (error) =>
        toast.error(`${name} was not removed`, { description: errorMessage(error) }),
    });
  return (
    <>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={`Remove ${name}`}
        disabled={remove.isPending}
        onClick={() => setIsAsking(true)}
      >
        <Trash2Icon />
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={`Remove ${name}?`}
        description={
          usedIn.length > 0
            ? `The uploaded file goes for good. Datasets already imported from it (${usedIn.join(", ")}) keep their data; others cannot be imported any more.`
            : "The uploaded file goes for good. Your own copy is not touched."
        }
        action="Remove file"
        onConfirm={confirm}
      />
    </>
  );
}
