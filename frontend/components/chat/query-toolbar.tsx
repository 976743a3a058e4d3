"use client";

import { DatabaseIcon, HistoryIcon, PanelRightIcon, PencilIcon } from "lucide-react";
import { useState, type ReactNode } from "react";

import { useDatasetName } from "@/components/portal/dataset-name";
import { NameField } from "@/components/schema/inline-name";
import { Button } from "@/components/ui/button";
import {
  Select,
  SelectContent,
  SelectItem,
  SelectTrigger,
  SelectValue,
} from "@/components/ui/select";
import {
  Sheet,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
  SheetTrigger,
} from "@/components/ui/sheet";
import { ToggleGroup, ToggleGroupItem } from "@/components/ui/toggle-group";
import { useUrlState } from "@/hooks/use-url-state";
import type { SchemaSummary } from "@/lib/api/types";
import { datasetNameFault } from "@/lib/datasets";

/** Side columns that are sheets on narrow screens. */
export type SheetName = "conversations" | "tables";

/** What the choice of data shows. */
export type NamedSchema = Pick<SchemaSummary, "id" | "name">;

interface QueryToolbarProps {
  schema: NamedSchema;
  schemas: NamedSchema[];
  conversations: ReactNode;
  tables: ReactNode;
  sheet: SheetName | null;
  onSheet: (sheet: SheetName | null) => void;
  panel: boolean;
  onPanel: (shown: boolean) => void;
}

/** What is asked, how, and the way to the side columns. */
export function QueryToolbar({
  schema,
  schemas,
  conversations,
  tables,
  sheet,
  onSheet,
  panel,
  onPanel,
}: QueryToolbarProps) {
  return (
    <div className="flex items-center gap-2 border-b px-3 py-2">
      <SideSheet
        side="left"
        title="Conversations"
        description="Your earlier questions about this data."
        open={sheet === "conversations"}
        onOpenChange={(open) => onSheet(open ? "conversations" : null)}
        trigger={
          <Button variant="ghost" size="icon-sm" aria-label="Conversations" className="lg:hidden">
            <HistoryIcon />
          </Button>
        }
      >
        {conversations}
      </SideSheet>
      <SchemaName key={schema.id} schema={schema} schemas={schemas} />
      <ModeSwitch />
      <SideSheet
        side="right"
        title="Tables"
        description="Press a column or value to put it into your question."
        open={sheet === "tables"}
        onOpenChange={(open) => onSheet(open ? "tables" : null)}
        trigger={
          <Button variant="ghost" size="icon-sm" aria-label="Tables" className="xl:hidden">
            <PanelRightIcon />
          </Button>
        }
      >
        {tables}
      </SideSheet>
      <Button
        variant="ghost"
        size="icon-sm"
        className="hidden xl:inline-flex"
        onClick={() => onPanel(!panel)}
        aria-expanded={panel}
        aria-label={panel ? "Hide the tables" : "Show the tables"}
      >
        <PanelRightIcon />
      </Button>
    </div>
  );
}

/** The choice of data, or the field in which the chosen one is renamed. */
function SchemaName({ schema, schemas }: Pick<QueryToolbarProps, "schema" | "schemas">) {
  const { shown, rename } = useDatasetName(schema);
  const [isRenaming, setIsRenaming] = useState(false);
  const named = { ...schema, name: shown };
  if (isRenaming)
    return (
      <NameField
        name={shown}
        what="dataset"
        faultOf={datasetNameFault}
        onFinish={(next) => {
          setIsRenaming(false);
          if (next !== null) rename(next);
        }}
        className="h-8 px-2 sm:w-72 sm:max-w-72"
      />
    );
  return (
    <div className="flex min-w-0 items-center gap-0.5">
      <SchemaSelect
        schema={named}
        schemas={schemas.map((each) => (each.id === schema.id ? named : each))}
      />
      <Button
        variant="ghost"
        size="icon-xs"
        className="max-sm:hidden"
        aria-label={`Rename dataset ${shown}`}
        title="Rename"
        onClick={() => setIsRenaming(true)}
      >
        <PencilIcon />
      </Button>
    </div>
  );
}

function SchemaSelect({ schema, schemas }: Pick<QueryToolbarProps, "schema" | "schemas">) {
  const [, setParams] = useUrlState();
  return (
    <Select
      value={schema.id}
      onValueChange={(id) => setParams({ schema: id, c: null, sql: null }, "push")}
    >
      <SelectTrigger
        size="sm"
        aria-label="Data to ask about"
        className="max-w-48 min-w-0 sm:max-w-72"
      >
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {schemas.map((s) => (
          <SelectItem key={s.id} value={s.id}>
            <DatabaseIcon className="text-muted-foreground" aria-hidden="true" />
            {/* A text on its own in a flex row is cut off without an ellipsis. */}
            <span className="truncate">{s.name}</span>
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

function ModeSwitch() {
  const [params, setParams] = useUrlState();
  return (
    <ToggleGroup
      type="single"
      value={params.get("mode") === "sql" ? "sql" : "ask"}
      onValueChange={(v) =>
        v && setParams(v === "sql" ? { mode: "sql" } : { mode: null, sql: null })
      }
      aria-label="Ask in words or in SQL"
      className="ml-auto"
    >
      <ToggleGroupItem value="ask">Ask</ToggleGroupItem>
      <ToggleGroupItem value="sql">SQL</ToggleGroupItem>
    </ToggleGroup>
  );
}

interface SideSheetProps {
  side: "left" | "right";
  title: string;
  description: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger: ReactNode;
  children: ReactNode;
}

function SideSheet({
  side,
  title,
  description,
  open,
  onOpenChange,
  trigger,
  children,
}: SideSheetProps) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange}>
      <SheetTrigger asChild>{trigger}</SheetTrigger>
      <SheetContent side={side} className="gap-0">
        <SheetHeader className="pb-1">
          <SheetTitle>{title}</SheetTitle>
          <SheetDescription>{description}</SheetDescription>
        </SheetHeader>
        {children}
      </SheetContent>
    </Sheet>
  );
}
