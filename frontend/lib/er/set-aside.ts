import type { FieldError } from "@/lib/er/model";
import type { components } from "@/types/api";

type Schemas = components["schemas"];

/** The two lists of what an import did not store. */
export type PlaceKind = "quarantine" | "emptied";

export type Facets = Schemas["FacetsResponse"];
export type RowDetail = Schemas["QuarantinedDetailResponse"];
export type RowField = Schemas["QuarantinedFieldResponse"];
export type CellDetail = Schemas["EmptiedDetailResponse"];

/** A place in a file where something was not stored, of either list. */
export interface Place {
  id: number;
  table: string;
  csv_id: string;
  file: string;
  line: number;
  /** Column of the file. */
  column: string | null;
  reason: string;
  /** The reason as the filter knows it. */
  kind: string;
  /** The record or the cell, as it was written. */
  text: string;
  mended: boolean;
  /** Whether it can be opened to be mended. */
  open: boolean;
}

export interface PlacesPage {
  places: Place[];
  total: number;
  facets: Facets;
}

/** What of a list is shown; empty text lets everything through. */
export interface PlaceFilter {
  table: string;
  column: string;
  reason: string;
  csv_id: string;
  search: string;
  mended: boolean;
}

export const NO_FILTER: PlaceFilter = {
  table: "",
  column: "",
  reason: "",
  csv_id: "",
  search: "",
  mended: false,
};

export const placesOfRows = (page: Schemas["QuarantineResponse"]): PlacesPage => ({
  ...page,
  places: page.rows.map(({ raw, ...row }) => ({
    ...row,
    column: row.column ?? null,
    text: raw,
    open: true,
  })),
});

export const placesOfCells = (page: Schemas["EmptiedResponse"]): PlacesPage => ({
  ...page,
  places: page.cells.map(({ has_row, ...cell }) => ({
    ...cell,
    column: cell.column ?? cell.table_column,
    kind: cell.reason,
    open: has_row,
  })),
});

/** The filter as query parameters, with `more`. */
export function placesQuery(
  filter: PlaceFilter,
  more: Record<string, string | number> = {},
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value) query.set(name, value === true ? "true" : value);
  for (const [name, value] of Object.entries(more)) query.set(name, String(value));
  return query.toString();
}

const URL_NAMES = {
  table: "in",
  column: "column",
  reason: "why",
  csv_id: "file",
  search: "find",
} as const;

/** The filter that the page's address holds. */
export function filterOf(params: { get(name: string): string | null }): PlaceFilter {
  const text = (name: keyof typeof URL_NAMES) => params.get(URL_NAMES[name]) ?? "";
  return {
    table: text("table"),
    column: text("column"),
    reason: text("reason"),
    csv_id: text("csv_id"),
    search: text("search"),
    mended: params.get("back") === "1",
  };
}

/** Changes of the page's address that make it hold the filter. */
export function addressOf(filter: PlaceFilter): Record<string, string | null> {
  const changes: Record<string, string | null> = { back: filter.mended ? "1" : null };
  for (const [name, short] of Object.entries(URL_NAMES))
    changes[short] = filter[name as keyof typeof URL_NAMES] || null;
  return changes;
}

/** Which file a download has the fields of: the chosen one, or the only one. */
export function fileOfDownload(filter: PlaceFilter, facets: Facets | undefined): string {
  if (filter.csv_id) return filter.csv_id;
  const [only, ...others] = facets?.files ?? [];
  return only && others.length === 0 ? only.csv_id : "";
}

/** Messages by the table's column; those for the whole row under the empty name. */
export function faultsByColumn(errors: FieldError[]): Map<string, string> {
  const faults = new Map<string, string>();
  for (const { field, message } of errors) {
    const column = /^(?:rows\[\d+\]\.)?values(?:\.(.*))?$/s.exec(field)?.[1] ?? "";
    if (!faults.has(column)) faults.set(column, message);
  }
  return faults;
}

/** What is different from the record: nothing written is no value. */
export function changedValues(
  fields: RowField[],
  texts: Record<string, string>,
): Record<string, string | null> {
  const changed: Record<string, string | null> = {};
  for (const field of fields) {
    const text = texts[field.column];
    if (text === undefined || (field.is_known && text === (field.text ?? ""))) continue;
    changed[field.column] = text === "" ? null : text;
  }
  return changed;
}

/** The field to begin with: the one to blame, else the first that can be changed. */
export function firstField(detail: RowDetail): string | null {
  const usable = detail.fields.filter((field) => field.origin === "field");
  const blamed =
    usable.find((field) => detail.row.column && field.source_column === detail.row.column) ??
    usable.find((field) => !field.is_known) ??
    usable[0];
  return blamed?.column ?? null;
}
