/** References that are drawn from one column to another. */
import { side } from "./evidence";
import { referenceOf, type Reference, type SchemaJson } from "./model";

/** A column, as references name it. */
export type End = Reference;

export interface LinkFault {
  message: string;
  /** Whether a reference the other way round can be made. */
  canTurn: boolean;
}

export const endName = ({ table, column }: End) => side(table, [column]);

/** Whether something can point at the column by itself: it is the whole key, or declared unique. */
export function isKeyColumn(schema: SchemaJson, { table, column }: End): boolean {
  const found = schema.tables.find((t) => t.name === table);
  const own = found?.columns.find((c) => c.name === column);
  if (!found || !own) return false;
  const key = found.primary_key ?? [];
  return (
    (key.length === 1 && key[0] === column) ||
    (own.constraints ?? []).some((c) => c.toUpperCase() === "UNIQUE") ||
    (schema.indexes ?? []).some(
      (i) =>
        i.unique === true && i.table === table && i.columns.length === 1 && i.columns[0] === column,
    )
  );
}

/** Why `from` cannot be made to point at `to`, in words, or null. The server checks the whole schema again. */
export function linkFault(schema: SchemaJson, from: End, to: End): LinkFault | null {
  const fault = (message: string, canTurn = false) => ({ message, canTurn });
  if (from.table === to.table && from.column === to.column)
    return fault("A column cannot point at itself.");
  const table = schema.tables.find((t) => t.name === from.table);
  const column = table?.columns.find((c) => c.name === from.column);
  if (!table || !column || !schema.tables.some((t) => t.name === to.table))
    return fault("This column is not there any more.");
  const known = referenceOf(schema, table, column);
  if (known?.table === to.table && known.column === to.column)
    return fault(`${endName(from)} points at ${endName(to)} already.`);
  if (isKeyColumn(schema, to)) return null;
  const key = schema.tables.find((t) => t.name === to.table)?.primary_key ?? [];
  const why =
    key.length > 1 && key.includes(to.column)
      ? `${endName(to)} is only a part of the key ${side(to.table, key)}.`
      : `${endName(to)} is not a key, so a row that points at it could mean several.`;
  return fault(why, isKeyColumn(schema, from));
}
