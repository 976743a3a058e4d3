"use client";

import { CircleCheckIcon, DownloadIcon, SearchIcon, SearchXIcon } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { ErrorState } from "@/components/error-state";
import { FillCell } from "@/components/schema/fill-cell";
import { MendMany } from "@/components/schema/mend-many";
import { MendRow } from "@/components/schema/mend-row";
import { PlaceTable } from "@/components/schema/place-table";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Empty, EmptyDescription, EmptyIcon, EmptyTitle } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { PLACES_PAGE, usePaused, useDownloadPlaces, usePlaces } from "@/hooks/use-set-aside";
import { useUrlState } from "@/hooks/use-url-state";
import { errorMessage } from "@/lib/api/error";
import {
  addressOf,
  fileOfDownload,
  filterOf,
  NO_FILTER,
  type Facets,
  type Place,
  type PlaceFilter,
  type PlaceKind,
} from "@/lib/er/set-aside";
import { formatNumber, plural } from "@/lib/format";
import { cn } from "@/lib/utils";

interface SetAsidePanelProps {
  schemaId: string;
  /** As the import counted them, less what was added back since. */
  rows: number;
  cells: number;
}

/** What an import did not store, to look through, take away and put where it belongs. */
export function SetAsidePanel({ schemaId, rows, cells }: SetAsidePanelProps) {
  const [params, setParams] = useUrlState();
  const asked = params.get("list");
  const kind: PlaceKind =
    asked === "cells" || (asked === null && rows === 0 && cells > 0) ? "emptied" : "quarantine";
  const choose = (value: string) =>
    setParams({ ...addressOf(NO_FILTER), list: value === "emptied" ? "cells" : "rows" });
  return (
    <Tabs value={kind} onValueChange={choose} className="gap-4">
      <TabsList className="max-w-full">
        <TabsTrigger value="quarantine">
          Rows set aside <Count of={rows} />
        </TabsTrigger>
        <TabsTrigger value="emptied">
          Emptied cells <Count of={cells} />
        </TabsTrigger>
      </TabsList>
      <TabsContent value={kind} className="flex flex-col gap-3">
        <PlaceBrowser key={kind} schemaId={schemaId} kind={kind} />
      </TabsContent>
    </Tabs>
  );
}

function Count({ of }: { of: number }) {
  return <span className="tabular text-muted-foreground">{formatNumber(of)}</span>;
}

const WORDS = {
  quarantine: {
    label: "Rows set aside",
    what: "These rows of your files break a rule of their table, so they are not in it. Open one to mend it and add it back.",
    none: "Every row is in its table",
    noneWhy: "No row is set aside, so there is nothing to mend.",
    back: "Added back",
    noneBack: "No row was added back yet",
  },
  emptied: {
    label: "Emptied cells",
    what: "The rows of these cells are stored, but their text does not fit the column, so the cell is empty. Open one to fill it.",
    none: "No cell was left empty for its text",
    noneWhy: "All texts fit their columns, so there is nothing to fill.",
    back: "Filled",
    noneBack: "No cell was filled yet",
  },
} as const;

function PlaceBrowser({ schemaId, kind }: { schemaId: string; kind: PlaceKind }) {
  const words = WORDS[kind];
  const [params, setParams] = useUrlState();
  const [typed, setTyped] = useState(params.get("find") ?? "");
  const filter = { ...filterOf(params), search: usePaused(typed.trim()) };
  const [offset, setOffset] = useState(0);
  const [opened, setOpened] = useState<Place | null>(null);
  const [many, setMany] = useState(false);
  const page = usePlaces(schemaId, kind, filter, offset);
  const change = (part: Partial<PlaceFilter>) => {
    setOffset(0);
    setParams(addressOf({ ...filter, search: typed.trim(), ...part }));
  };
  const search = (text: string) => {
    setTyped(text);
    setOffset(0);
    setParams({ find: text.trim() || null });
  };
  const isFiltered = Boolean(
    filter.table || filter.column || filter.reason || filter.csv_id || filter.search,
  );
  if (page.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (page.isError)
    return (
      <ErrorState
        title="The list could not be read"
        error={page.error}
        onRetry={() => void page.refetch()}
      />
    );
  const { places, total, facets } = page.data;
  const isEmpty = total === 0 && !isFiltered && !filter.mended;
  if (isEmpty && opened === null)
    return (
      <Empty>
        <EmptyIcon>
          <CircleCheckIcon />
        </EmptyIcon>
        <EmptyTitle>{words.none}</EmptyTitle>
        <EmptyDescription>{words.noneWhy}</EmptyDescription>
        <Button variant="outline" size="sm" onClick={() => change({ mended: true })}>
          See what was {kind === "quarantine" ? "added back" : "filled"}
        </Button>
      </Empty>
    );
  return (
    <>
      <p className="text-muted-foreground">{words.what}</p>
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative min-w-40 flex-1 sm:max-w-xs">
          <SearchIcon
            className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted-foreground"
            aria-hidden="true"
          />
          <Input
            type="search"
            aria-label={`Search ${words.label.toLowerCase()}`}
            placeholder="Text, reason or file"
            maxLength={200}
            className="pl-8"
            value={typed}
            onChange={(event) => search(event.target.value)}
          />
        </div>
        <Download schemaId={schemaId} kind={kind} filter={filter} facets={facets} />
        {kind === "quarantine" && !filter.mended && total > 1 && (
          <Button variant="outline" size="sm" onClick={() => setMany(true)}>
            Mend {total === places.length || isFiltered ? "these" : "all"} {formatNumber(total)}
          </Button>
        )}
      </div>
      <Chips filter={filter} facets={facets} back={words.back} onChange={change} />
      <p role="status" className="sr-only">
        {plural(total, "entry", "entries")}
      </p>
      {places.length === 0 ? (
        <Empty>
          <EmptyIcon>
            <SearchXIcon />
          </EmptyIcon>
          <EmptyTitle>{isFiltered ? "Nothing matches" : words.noneBack}</EmptyTitle>
          <Button
            variant="outline"
            size="sm"
            onClick={() => {
              setTyped("");
              setOffset(0);
              setParams(addressOf(NO_FILTER));
            }}
          >
            {isFiltered ? "Show all" : "Back to the list"}
          </Button>
        </Empty>
      ) : (
        <PlaceTable
          label={words.label}
          places={places}
          verb={filter.mended ? "Look at" : kind === "quarantine" ? "Mend" : "Fill"}
          onOpen={setOpened}
        />
      )}
      {total > PLACES_PAGE && (
        <Pager offset={offset} shown={places.length} total={total} onChange={setOffset} />
      )}
      {opened && kind === "quarantine" && (
        <MendRow schemaId={schemaId} place={opened} onClose={() => setOpened(null)} />
      )}
      {opened && kind === "emptied" && (
        <FillCell schemaId={schemaId} place={opened} onClose={() => setOpened(null)} />
      )}
      {many && (
        <MendMany
          schemaId={schemaId}
          filter={filter}
          total={total}
          onClose={() => setMany(false)}
        />
      )}
    </>
  );
}

interface ChipsProps {
  filter: PlaceFilter;
  facets: Facets;
  back: string;
  onChange: (part: Partial<PlaceFilter>) => void;
}

/** What the list can be narrowed down to, with how much is there. */
function Chips({ filter, facets, back, onChange }: ChipsProps) {
  const groups = [
    { name: "Table", part: "table", values: facets.tables },
    { name: "Reason", part: "reason", values: facets.reasons },
    { name: "Column", part: "column", values: facets.columns },
    {
      name: "File",
      part: "csv_id",
      values: facets.files.map(({ csv_id, file, count }) => ({ value: csv_id, file, count })),
    },
  ] as const;
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-2">
      {groups.map(({ name, part, values }) => {
        const chosen = filter[part];
        if (values.length < 2 && !chosen) return null;
        return (
          <div key={part} role="group" aria-label={name} className="flex flex-wrap gap-1.5">
            {values.map((entry) => (
              <Chip
                key={entry.value}
                pressed={chosen === entry.value}
                onClick={() => onChange({ [part]: chosen === entry.value ? "" : entry.value })}
              >
                <span className="truncate">{"file" in entry ? entry.file : entry.value}</span>
                <span className="tabular text-muted-foreground">{formatNumber(entry.count)}</span>
              </Chip>
            ))}
            {chosen && !values.some((entry) => entry.value === chosen) && (
              <Chip pressed onClick={() => onChange({ [part]: "" })}>
                <span className="truncate">{part === "csv_id" ? "One file" : chosen}</span>
              </Chip>
            )}
          </div>
        );
      })}
      <Chip pressed={filter.mended} onClick={() => onChange({ mended: !filter.mended })}>
        {back}
      </Chip>
    </div>
  );
}

function Chip({
  pressed,
  onClick,
  children,
}: {
  pressed: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onClick}
      className={cn(
        "inline-flex h-7 max-w-64 items-center gap-1.5 rounded-full border px-2.5 text-xs outline-none hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60",
        pressed ? "border-primary/50 bg-accent font-medium" : "bg-card",
      )}
    >
      {pressed && <span aria-hidden="true">✓</span>}
      {children}
    </button>
  );
}

interface DownloadProps {
  schemaId: string;
  kind: PlaceKind;
  filter: PlaceFilter;
  facets: Facets;
}

function Download({ schemaId, kind, filter, facets }: DownloadProps) {
  const download = useDownloadPlaces(schemaId, kind);
  const start = (bom: boolean) =>
    download.mutate(
      { filter: { ...filter, csv_id: fileOfDownload(filter, facets) }, bom },
      {
        onError: (error) =>
          toast.error("The list was not downloaded", { description: errorMessage(error) }),
      },
    );
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" size="sm" disabled={download.isPending}>
          <DownloadIcon aria-hidden="true" />
          Download
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => start(false)}>CSV</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => start(true)}>CSV for Excel</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

interface PagerProps {
  offset: number;
  shown: number;
  total: number;
  onChange: (offset: number) => void;
}

function Pager({ offset, shown, total, onChange }: PagerProps) {
  const last = Math.min(offset + shown, total);
  return (
    <div className="flex items-center justify-end gap-2 text-muted-foreground">
      <span className="tabular">
        {formatNumber(offset + 1)}–{formatNumber(last)} of {formatNumber(total)}
      </span>
      <Button
        size="sm"
        variant="outline"
        disabled={offset === 0}
        onClick={() => onChange(Math.max(0, offset - PLACES_PAGE))}
      >
        Earlier
      </Button>
      <Button
        size="sm"
        variant="outline"
        disabled={last >= total}
        onClick={() => onChange(offset + PLACES_PAGE)}
      >
        Later
      </Button>
    </div>
  );
}
