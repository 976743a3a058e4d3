import type { ColumnProfile } from "@/lib/api/types";

export interface CellPosition {
  row: number;
  column: number;
}

const minWidth = 168;
/** Room for a range of two dates in the header. */
const minDateWidth = 186;
const maxWidth = 300;
const letterWidth = 7.4;
const padding = 30;

/** Width in pixels that shows most values of a column without much air. */
export function columnWidth(profile: ColumnProfile | undefined, name: string): number {
  const longest = profile?.max_length ?? profile?.max?.length ?? 0;
  const wanted = Math.max(longest, name.length + 2) * letterWidth + padding;
  const least = profile?.type.startsWith("DATE") ? minDateWidth : minWidth;
  return Math.round(Math.min(maxWidth, Math.max(least, wanted)));
}

const pageRows = 12;

/** Where a key moves the active cell to; null for keys that move nothing. */
export function moveCell(
  position: CellPosition,
  key: string,
  size: { rows: number; columns: number },
  isControl = false,
): CellPosition | null {
  const { row, column } = position;
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  const clamp = (value: number, last: number) => Math.max(0, Math.min(last, value));
  switch (key) {
    case "ArrowUp":
      return { row: isControl ? 0 : clamp(row - 1, lastRow), column };
    case "ArrowDown":
      return { row: isControl ? lastRow : clamp(row + 1, lastRow), column };
    case "ArrowLeft":
      return { row, column: isControl ? 0 : clamp(column - 1, lastColumn) };
    case "ArrowRight":
      return { row, column: isControl ? lastColumn : clamp(column + 1, lastColumn) };
    case "PageUp":
      return { row: clamp(row - pageRows, lastRow), column };
    case "PageDown":
      return { row: clamp(row + pageRows, lastRow), column };
    case "Home":
      return { row: isControl ? 0 : row, column: 0 };
    case "End":
      return { row: isControl ? lastRow : row, column: lastColumn };
    default:
      return null;
  }
}

/** Pages of `pageSize` rows that the rows from `first` to `last` touch. */
export function pagesFor(first: number, last: number, pageSize: number): number[] {
  if (last < first) return [];
  const from = Math.floor(first / pageSize);
  const to = Math.floor(last / pageSize);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
