import type { FieldError, SchemaJson } from "./model";

/** Where a problem of the schema belongs in the page. */
export interface Problem {
  table: string | null;
  column: string | null;
  /** Last part of the path: `name`, `type`, `references`, … */
  part: string | null;
  relationship: number | null;
  message: string;
}

const PATH = /^(?:schema_json\.)?tables\[(\d+)\](?:\.columns\[(\d+)\])?(?:\.(.+))?$/;
const RELATION = /^(?:schema_json\.)?relationships\[(\d+)\]/;

/** Finds the table and column of `tables[0].columns[2].name` in the schema that was sent. */
export function locate(schema: SchemaJson, error: FieldError): Problem {
  const none = {
    table: null,
    column: null,
    part: null,
    relationship: null,
    message: error.message,
  };
  const relation = RELATION.exec(error.field);
  if (relation) return { ...none, relationship: Number(relation[1]) };
  const match = PATH.exec(error.field);
  const table = match ? schema.tables[Number(match[1])] : undefined;
  if (!match || !table) return none;
  const column = match[2] === undefined ? undefined : table.columns[Number(match[2])];
  return { ...none, table: table.name, column: column?.name ?? null, part: match[3] ?? null };
}
