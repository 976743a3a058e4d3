export type TokenKind =
  "keyword" | "string" | "number" | "comment" | "name" | "punctuation" | "space" | "word";

export interface Token {
  kind: TokenKind;
  text: string;
}

const KEYWORDS = new Set(
  `ALL ALTER AND AS ASC AUTOINCREMENT BETWEEN BY CASE CAST CHECK COLLATE CONSTRAINT CREATE CROSS CURRENT_DATE CURRENT_TIMESTAMP DEFAULT
  DELETE DESC DISTINCT DROP ELSE END ESCAPE EXCEPT EXISTS FALSE FILTER FIRST FOLLOWING FOREIGN FROM FULL GLOB GROUP HAVING IF IN INDEX
  INNER INSERT INTERSECT INTO IS JOIN KEY LAST LEFT LIKE LIMIT NATURAL NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PRECEDING
  PRIMARY RANGE RECURSIVE REFERENCES RIGHT ROWS SELECT SET STRICT TABLE THEN TRUE UNBOUNDED UNION UNIQUE UPDATE USING VALUES VIEW WHEN
  WHERE WINDOW WITH WITHOUT INTEGER REAL TEXT BLOB ANY BEGIN COMMIT ADD DEFERRABLE INITIALLY DEFERRED BIGINT BOOLEAN DATE DOUBLE NUMERIC PRECISION TIMESTAMP`.split(
    /\s+/,
  ),
);

const PATTERN =
  /(\s+)|(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*'?)|("(?:[^"]|"")*"?|`[^`]*`?|\[[^\]]*\]?)|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_$]*)|(.)/gsu;

/** Splits SQL for display. Joined again, the texts are the input. */
export function tokenize(sql: string): Token[] {
  const out: Token[] = [];
  for (const m of sql.matchAll(PATTERN)) {
    const text = m[0];
    if (m[1] !== undefined) out.push({ kind: "space", text });
    else if (m[2] !== undefined) out.push({ kind: "comment", text });
    else if (m[3] !== undefined) out.push({ kind: "string", text });
    else if (m[4] !== undefined) out.push({ kind: "name", text });
    else if (m[5] !== undefined) out.push({ kind: "number", text });
    else if (m[6] !== undefined)
      out.push({ kind: KEYWORDS.has(text.toUpperCase()) ? "keyword" : "word", text });
    else out.push({ kind: "punctuation", text });
  }
  return out;
}

const BREAKS = new Set([
  "FROM",
  "WHERE",
  "GROUP",
  "ORDER",
  "HAVING",
  "LIMIT",
  "UNION",
  "INTERSECT",
  "EXCEPT",
  "WINDOW",
]);
const JOINS = new Set(["JOIN", "LEFT", "INNER", "CROSS", "RIGHT", "FULL", "NATURAL"]);

/** Puts the clauses of a statement that stands in one line on lines of their own; any other text stays as it is. */
export function formatSql(sql: string): string {
  const trimmed = sql.trim();
  if (trimmed.includes("\n") || trimmed.length < 60) return trimmed;
  const tokens = tokenize(trimmed).map((t) => (t.kind === "space" ? { ...t, text: " " } : t));
  if (tokens.some((t) => t.kind === "comment")) return trimmed;
  let out = "";
  let depth = 0;
  let previous = "";
  let clause = "";
  for (const token of tokens) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    const word = token.kind === "keyword" || token.kind === "word" ? token.text.toUpperCase() : "";
    if (depth === 0 && startsLine(word, previous, clause)) {
      out = `${out.trimEnd()}\n${word === "AND" || word === "OR" ? "  " : ""}`;
    }
    if (depth === 0 && (BREAKS.has(word) || JOINS.has(word))) clause = word;
    if (depth === 0 && word === "BETWEEN") clause = "BETWEEN";
    else if (depth === 0 && word === "AND" && clause === "BETWEEN") clause = "WHERE";
    if (word !== "") previous = word;
    out += token.text;
  }
  return out;
}

function startsLine(word: string, previous: string, clause: string): boolean {
  if (BREAKS.has(word)) return true;
  if (JOINS.has(word)) return !JOINS.has(previous) && previous !== "OUTER";
  if (word === "SELECT") return ["UNION", "ALL", "INTERSECT", "EXCEPT"].includes(previous);
  return (word === "AND" || word === "OR") && (clause === "WHERE" || clause === "HAVING");
}
