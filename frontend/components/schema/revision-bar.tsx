"use client";

import { HistoryIcon, PencilIcon, RefreshCwIcon, Trash2Icon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

import { ConfirmDialog } from "@/components/portal/confirm-dialog";
import { Button } from "@/components/ui/button";
import type { useApprove } from "@/hooks/use-approve";
import {
  useBeginRevision,
  useDifference,
  useDropRevision,
  useUndoRevision,
} from "@/hooks/use-revision";
import type { SchemaEditor } from "@/hooks/use-schema-editor";
import { errorMessage } from "@/lib/api/error";
import type { SchemaResource } from "@/lib/er/model";
import { changeLines, lostSince, type ChangeLine, type Difference } from "@/lib/er/revision";
import { formatDateTime, plural } from "@/lib/format";

const reviewOf = (id: string) => `/portal/schema/review?id=${id}`;
/** Changes that are shown before one asks for the rest. */
const SHOWN = 4;

interface RevisionBarProps {
  resource: SchemaResource;
  editor: Pick<SchemaEditor, "saveState">;
  approval: Pick<ReturnType<typeof useApprove>, "state" | "start">;
}

/** Changes of an approved dataset: how they are begun, what they come to, and how they are taken back. */
export function RevisionBar(props: RevisionBarProps) {
  const { resource } = props;
  if (resource.revises) return <Changes {...props} dataset={resource.revises} />;
  if (resource.status === "executed") return <Approved resource={resource} />;
  return null;
}

function Approved({ resource }: { resource: SchemaResource }) {
  const router = useRouter();
  const begin = useBeginRevision(resource.id);
  const undo = useUndoRevision(resource.id);
  const [asking, setAsking] = useState(false);
  const error = begin.error ?? undo.error;
  const lost = undo.data ? lostSince(undo.data) : null;
  return (
    <section
      aria-label="Changes"
      className="flex flex-wrap items-center gap-2 border-b px-4 py-2 sm:px-6"
    >
      <p className="min-w-0 flex-1 basis-52 text-muted-foreground" role="status">
        {error
          ? errorMessage(error)
          : resource.revision
            ? "Changes wait to be applied."
            : resource.version_before
              ? `Changed. The version of ${formatDateTime(resource.version_before)} is kept.`
              : "Names, types and references can still be changed; conversations stay."}
      </p>
      {resource.version_before && !resource.revision && (
        <Button
          variant="outline"
          size="sm"
          disabled={undo.isPending}
          onClick={() => undo.mutate({ dryRun: true }, { onSuccess: () => setAsking(true) })}
        >
          <HistoryIcon aria-hidden="true" />
          Undo the last changes
        </Button>
      )}
      {resource.revision ? (
        <Button size="sm" variant="outline" asChild>
          <Link href={reviewOf(resource.revision)}>
            <PencilIcon aria-hidden="true" />
            See the changes
          </Link>
        </Button>
      ) : (
        <Button
          size="sm"
          variant="outline"
          disabled={begin.isPending}
          onClick={() =>
            begin.mutate(undefined, { onSuccess: ({ id }) => router.push(reviewOf(id)) })
          }
        >
          <PencilIcon aria-hidden="true" />
          Change it
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Bring the version before back?"
        description={
          lost
            ? `This would be lost: ${lost}. The changes wait again, as before they were applied.`
            : "Nothing is lost: nothing was written since. The changes wait again, as before they were applied."
        }
        action="Undo the changes"
        onConfirm={() => undo.mutate({ dryRun: false })}
      />
    </section>
  );
}

function Changes({ resource, editor, approval, dataset }: RevisionBarProps & { dataset: string }) {
  const router = useRouter();
  const drop = useDropRevision(dataset);
  const [asking, setAsking] = useState(false);
  const isOver = approval.state === "done" || drop.isSuccess;
  const difference = useDifference(dataset, resource.create_statements, !isOver);
  // The changes are no more: the dataset has them, or nobody.
  useEffect(() => {
    if (isOver) router.replace(reviewOf(dataset));
  }, [isOver, router, dataset]);
  const saved = editor.saveState === "saved";
  return (
    <section
      aria-label="Changes"
      className="flex flex-wrap items-start gap-2 border-b bg-muted/40 px-4 py-2 sm:px-6"
    >
      <div className="min-w-0 flex-1 basis-72">
        <h2 className="font-medium">
          Changes to{" "}
          <Link href={reviewOf(dataset)} className="underline">
            {resource.name}
          </Link>
        </h2>
        {drop.error ? (
          <p role="alert" className="text-destructive">
            {errorMessage(drop.error)}
          </p>
        ) : difference.data ? (
          <DifferenceList difference={difference.data} />
        ) : (
          <p className="text-muted-foreground" role="status">
            {difference.error ? errorMessage(difference.error) : "Comparing…"}
          </p>
        )}
      </div>
      {difference.data?.names_only && (
        <Button
          variant="outline"
          size="sm"
          disabled={!saved || approval.state === "running"}
          onClick={() => void approval.start(resource.forecast?.loses_much ?? false, true)}
          title="Makes the database anew from the files, with what was added and mended"
        >
          <RefreshCwIcon aria-hidden="true" />
          Load the files anew
        </Button>
      )}
      <Button
        variant="outline"
        size="sm"
        disabled={approval.state === "running" || drop.isPending}
        onClick={() => setAsking(true)}
      >
        <Trash2Icon aria-hidden="true" />
        Throw away
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Throw these changes away?"
        description={`${resource.name} stays as it is.`}
        action="Throw away"
        onConfirm={() => drop.mutate()}
      />
    </section>
  );
}

/** What the changes come to, the first few lines at once. */
export function DifferenceList({ difference }: { difference: Difference }) {
  const [all, setAll] = useState(false);
  const lines = changeLines(difference);
  if (lines.length === 0) return <p className="text-muted-foreground">Nothing is changed yet.</p>;
  const shown: ChangeLine[] = all ? lines : lines.slice(0, SHOWN);
  return (
    <>
      <ul className="tabular list-disc pl-5" aria-label="What changes">
        {shown.map((line) => (
          <li
            key={line.words}
            className={
              line.lost ? "text-warning [overflow-wrap:anywhere]" : "[overflow-wrap:anywhere]"
            }
          >
            {line.words}
          </li>
        ))}
      </ul>
      {lines.length > SHOWN && (
        <Button variant="link" className="h-auto p-0" onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show ${plural(lines.length - SHOWN, "more change")}`}
        </Button>
      )}
      {difference.names_only && (
        <p className="text-muted-foreground">
          Only names change: no file is read, and all data stay.
        </p>
      )}
    </>
  );
}
