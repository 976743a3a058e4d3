/** The schema as text to take along (docs/API.md, "Definitions"). */

interface Definition {
  label: string;
  /** What it is, in a line. */
  words: string;
  fileEnding: string;
  mediaType: string;
  isSql: boolean;
}

export const DEFINITIONS = {
  sqlite: {
    label: "SQLite",
    words: "SQLite, in the order it is run.",
    fileEnding: "sqlite.sql",
    mediaType: "application/sql",
    isSql: true,
  },
  postgresql: {
    label: "PostgreSQL",
    words: "PostgreSQL, in one transaction.",
    fileEnding: "postgresql.sql",
    mediaType: "application/sql",
    isSql: true,
  },
  dbml: {
    label: "DBML",
    words: "DBML, for dbdiagram.io and other tools that draw.",
    fileEnding: "dbml",
    mediaType: "text/plain",
    isSql: false,
  },
  mermaid: {
    label: "Mermaid",
    words: "A Mermaid diagram, for Markdown.",
    fileEnding: "mmd",
    mediaType: "text/plain",
    isSql: false,
  },
} as const satisfies Record<string, Definition>;

export type DefinitionFormat = keyof typeof DEFINITIONS;

export const DEFINITION_FORMATS = Object.keys(DEFINITIONS) as DefinitionFormat[];

/** The format that an address names; SQLite where it names none. */
export function readFormat(text: string | null): DefinitionFormat {
  return DEFINITION_FORMATS.find((format) => format === text) ?? "sqlite";
}

/** A name for a file, without what file systems or shells read in other ways. */
export function fileName(name: string, ending: string): string {
  const safe = name
    .replace(/[\p{C}\\/:*?"<>|]+/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  return `${[...safe].slice(0, 80).join("") || "schema"}.${ending}`;
}
