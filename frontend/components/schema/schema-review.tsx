"use client";

import { MessageSquareTextIcon, Redo2Icon, Undo2Icon } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useMemo, useRef, useState } from "react";

import { MeaningPanel } from "@/components/meaning/meaning-panel";
import { DatasetName } from "@/components/portal/dataset-name";
import { columnAnchor } from "@/components/schema/column-row";
import { DecisionsPanel } from "@/components/schema/decisions-panel";
import { DefinitionView } from "@/components/schema/definition-view";
import { HelpBar } from "@/components/schema/help-bar";
import { ImportBar } from "@/components/schema/import-bar";
import { ImportResult } from "@/components/schema/import-result";
import { findRelationshipCard } from "@/components/schema/relationship-card";
import { RevisionBar } from "@/components/schema/revision-bar";
import { SetAsidePanel } from "@/components/schema/set-aside-panel";
import { TableCard, tableAnchor } from "@/components/schema/table-card";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import {
  Sheet,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
  SheetTrigger,
} from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { useApprove } from "@/hooks/use-approve";
import { useCsvUploads } from "@/hooks/use-csv-uploads";
import { useHelp } from "@/hooks/use-help";
import { useSchemaEditor, type SchemaEditor } from "@/hooks/use-schema-editor";
import { useUrlState } from "@/hooks/use-url-state";
import { rowsWithoutOwnKey, type Place } from "@/lib/er/losses";
import { losses, type Forecast, type SchemaResource } from "@/lib/er/model";
import { sourcesById, totalRows, type Source } from "@/lib/er/sources";

const SchemaGraph = dynamic(
  () => import("@/components/schema/schema-graph").then((m) => m.SchemaGraph),
  {
    ssr: false,
    loading: () => <Skeleton className="m-4 h-96" />,
  },
);

const TABS = ["tables", "graph", "sql", "words", "aside"] as const;
type Tab = (typeof TABS)[number];

/** The schema beside the reasons for it, to change, approve and import. */
export function SchemaReview({ resource }: { resource: SchemaResource }) {
  const help = useHelp(resource.id, resource.status !== "executed");
  const editor = useSchemaEditor(resource, help.help);
  const approval = useApprove(resource.id, resource.revises);
  const uploads = useCsvUploads();
  const [params, setParams] = useUrlState();
  const sources = useMemo(() => sourcesById(uploads.data), [uploads.data]);
  const [whyOpen, setWhyOpen] = useState(false);
  const wanted = useRef<number | null>(null);
  const focusWanted = (event: Event) => {
    if (wanted.current === null) return;
    event.preventDefault();
    show(findRelationshipCard(wanted.current));
    wanted.current = null;
  };
  const openAnchor = (id: string) => {
    setParams({ tab: null });
    setTimeout(() => show(document.getElementById(id)));
  };
  const openTable = (name: string) => openAnchor(tableAnchor(name));
  const openPlace = (place: Place) => {
    if (place.kind === "table") return openTable(place.table);
    if (place.kind === "column") return openAnchor(columnAnchor(place.table, place.column));
    const card = findRelationshipCard(place.index);
    if (card) return setTimeout(() => show(card));
    wanted.current = place.index;
    setWhyOpen(true);
  };
  useUndoKeys(editor);
  const imported = editor.readOnly || approval.state === "done";
  const asked = TABS.find((t) => t === params.get("tab")) ?? "tables";
  // Words have a meaning, and rows are set aside, once there is data.
  const tab: Tab = (asked === "words" || asked === "aside") && !imported ? "tables" : asked;
  const stored = resource.load?.tables ?? approval.result;
  const lost = losses(stored ?? []);
  return (
    <div className="flex flex-1 flex-col">
      <RevisionBar resource={resource} editor={editor} approval={approval} />
      {!imported && <HelpBar {...help} />}
      <div className="flex min-h-0 flex-1 max-lg:flex-col lg:h-[calc(100dvh-var(--header-height)-4.5rem)] lg:flex-none">
        <Tabs
          value={tab}
          onValueChange={(value) => setParams({ tab: value === "tables" ? null : value })}
          className="flex min-w-0 flex-1 gap-0 lg:basis-3/5 lg:overflow-y-auto"
        >
          <div className="sticky top-(--header-height) z-10 flex flex-wrap items-center gap-2 border-b bg-background/95 px-4 py-2 backdrop-blur sm:px-6 lg:top-0">
            <h1 className="order-first min-w-0 basis-full text-base font-semibold sm:order-none sm:basis-0 sm:grow sm:text-sm">
              <span className="sr-only">Review the schema </span>
              <DatasetName dataset={resource} className="sm:max-w-full" />
            </h1>
            <TabsList>
              <TabsTrigger value="tables">Tables</TabsTrigger>
              <TabsTrigger value="graph">Graph</TabsTrigger>
              <TabsTrigger value="sql">SQL</TabsTrigger>
              {imported && <TabsTrigger value="words">Words</TabsTrigger>}
              {imported && <TabsTrigger value="aside">Set aside</TabsTrigger>}
            </TabsList>
            <div className="ml-auto flex items-center gap-1">
              {!editor.readOnly && <UndoButtons editor={editor} />}
              <WhySheet
                resource={resource}
                editor={editor}
                open={whyOpen}
                onOpenChange={setWhyOpen}
                onOpenAutoFocus={focusWanted}
              />
            </div>
          </div>
          <TabsContent value="tables" className="flex flex-col gap-4 p-4 outline-none sm:p-6">
            {imported && (
              <ImportResult
                resource={resource}
                result={stored}
                onOpen={(list) => setParams({ tab: "aside", list })}
              />
            )}
            {resource.status === "failed" && approval.state === "idle" && (
              <Alert variant="destructive">
                <AlertTitle>The last import failed, and nothing of it was kept</AlertTitle>
                <AlertDescription>{resource.failure ?? "Try it again."}</AlertDescription>
              </Alert>
            )}
            <TableList editor={editor} sources={sources} forecast={resource.forecast ?? null} />
          </TabsContent>
          <TabsContent
            value="graph"
            className="relative h-[calc(100dvh-18rem)] min-h-72 flex-none outline-none lg:h-auto lg:flex-1"
          >
            {tab === "graph" && (
              <SchemaGraph
                name={resource.name}
                editor={editor}
                sources={sources}
                onOpenTable={openTable}
              />
            )}
          </TabsContent>
          <TabsContent value="sql" className="p-4 outline-none sm:p-6">
            {tab === "sql" && (
              <DefinitionView
                schemaId={resource.id}
                name={resource.name}
                isSaved={editor.saveState === "saved"}
              />
            )}
          </TabsContent>
          <TabsContent value="words" className="p-4 outline-none sm:p-6">
            {tab === "words" && <MeaningPanel schemaId={resource.id} />}
          </TabsContent>
          <TabsContent value="aside" className="p-4 outline-none sm:p-6">
            {tab === "aside" && (
              <SetAsidePanel schemaId={resource.id} rows={lost.rows} cells={lost.cells} />
            )}
          </TabsContent>
        </Tabs>
        <aside
          aria-label="Decisions"
          tabIndex={0}
          className="hidden border-l bg-muted/30 p-6 outline-none lg:block lg:basis-2/5 lg:overflow-y-auto"
        >
          <DecisionsPanel resource={resource} editor={editor} />
        </aside>
      </div>
      <ImportBar
        schemaId={resource.id}
        applies={Boolean(resource.revises)}
        editor={editor}
        rows={totalRows(editor.schema.tables, sources)}
        forecast={resource.forecast ?? null}
        approval={approval}
        onOpen={openPlace}
      />
    </div>
  );
}

/** Scrolls to an element and puts the focus there. */
function show(element: HTMLElement | null | undefined) {
  element?.scrollIntoView({ block: "center" });
  element?.focus({ preventScroll: true });
}

function TableList({
  editor,
  sources,
  forecast,
}: {
  editor: SchemaEditor;
  sources: Map<string, Source>;
  forecast: Forecast | null;
}) {
  if (editor.schema.tables.length === 0)
    return (
      <p className="rounded-xl border border-dashed p-8 text-center text-muted-foreground">
        No tables are left. Undo the last change to get one back.
      </p>
    );
  return editor.schema.tables.map((table, i) => (
    <TableCard
      key={i}
      schema={editor.schema}
      table={table}
      source={sources.get(table.source.csv_id)}
      problems={editor.problems.filter((p) => p.table === table.name)}
      keyless={rowsWithoutOwnKey(table, forecast)}
      notices={editor.notices.filter((p) => p.table === table.name)}
      readOnly={editor.readOnly}
      said={editor.said}
      edit={editor.edit}
    />
  ));
}

function UndoButtons({ editor }: { editor: SchemaEditor }) {
  return (
    <>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label="Undo"
        title="Undo (Ctrl+Z)"
        onClick={editor.undo}
        disabled={!editor.canUndo}
      >
        <Undo2Icon />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label="Redo"
        title="Redo (Ctrl+Shift+Z)"
        onClick={editor.redo}
        disabled={!editor.canRedo}
      >
        <Redo2Icon />
      </Button>
    </>
  );
}

interface WhySheetProps {
  resource: SchemaResource;
  editor: SchemaEditor;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Puts the focus elsewhere than on the first control. */
  onOpenAutoFocus: (event: Event) => void;
}

function WhySheet({ resource, editor, open, onOpenChange, onOpenAutoFocus }: WhySheetProps) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange}>
      <SheetTrigger asChild>
        <Button variant="outline" size="sm" className="lg:hidden">
          <MessageSquareTextIcon aria-hidden="true" />
          Why
        </Button>
      </SheetTrigger>
      <SheetContent side="right" className="overflow-y-auto" onOpenAutoFocus={onOpenAutoFocus}>
        <SheetHeader className="pb-0">
          <SheetTitle>Decisions</SheetTitle>
          <SheetDescription>What was decided, and the numbers behind it.</SheetDescription>
        </SheetHeader>
        <div className="px-4 pb-6">
          <DecisionsPanel resource={resource} editor={editor} />
        </div>
      </SheetContent>
    </Sheet>
  );
}

function useUndoKeys({ undo, redo, readOnly }: SchemaEditor) {
  useEffect(() => {
    if (readOnly) return;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (
        !(event.ctrlKey || event.metaKey) ||
        target?.closest("input, textarea, [contenteditable=true]")
      )
        return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) redo();
      else undo();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [undo, redo, readOnly]);
}
