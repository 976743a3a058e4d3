import type { Dialect } from "@/lib/api/types";

const delimiterNames: Record<string, string> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
  "|": "pipe",
  " ": "space",
  ":": "colon",
};

const encodingNames: Record<string, string> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  "windows-1252": "Windows-1252",
  "iso-8859-1": "Latin-1",
  macintosh: "Mac Roman",
  ibm850: "DOS 850",
  ibm852: "DOS 852",
  ibm437: "DOS 437",
  shift_jis: "Shift JIS",
  gbk: "GBK",
  big5: "Big5",
};

function encodingName(label: string): string {
  const known = encodingNames[label.toLowerCase()];
  if (known) return known;
  return label
    .replace(/^windows-/i, "Windows-")
    .replace(/^(iso|koi|euc)/i, (part) => part.toUpperCase());
}

/** How a file is written, in words: `semicolon, Windows-1252, decimal comma`. */
export function describeDialect(dialect: Dialect): string {
  const delimiter = delimiterNames[dialect.delimiter] ?? `separator ${dialect.delimiter}`;
  const parts = [delimiter, encodingName(dialect.encoding)];
  if (dialect.decimal === ",") parts.push("decimal comma");
  if (dialect.quote && dialect.quote !== '"') parts.push(`quote ${dialect.quote}`);
  if (dialect.escape) parts.push(`escape ${dialect.escape}`);
  if (!dialect.header) parts.push("no header row");
  else if (dialect.header_rows > 1) parts.push(`${dialect.header_rows} header rows`);
  if (dialect.skip_lines > 0) {
    parts.push(
      `${dialect.skip_lines} ${dialect.skip_lines === 1 ? "line" : "lines"} skipped above`,
    );
  }
  if (dialect.footer_line) parts.push(`footer from line ${dialect.footer_line}`);
  if (dialect.comment) parts.push(`comments after ${dialect.comment}`);
  return parts.join(", ");
}

/** Below this the way of writing was more guessed than found. */
export const unsureBelow = 0.6;
