// Invented answers of the API in the shape of the contract, from the sample files of the repository.
import { readFileSync } from "node:fs";
import path from "node:path";

const samples = path.join(import.meta.dirname, "..", "..", "data", "samples");
const now = Date.now();
const ago = (minutes) => new Date(now - minutes * 60_000).toISOString();

function splitLine(line, delimiter) {
  const cells = [];
  let cell = "";
  let isQuoted = false;
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === delimiter && !isQuoted) {
      cells.push(cell);
      cell = "";
    } else cell += letter;
  }
  return [...cells, cell];
}

function typeOf(values) {
  const every = (pattern) => values.every((value) => value === null || pattern.test(value));
  if (every(/^-?\d+$/)) return "INTEGER";
  if (every(/^-?\d+\.\d+$/)) return "DECIMAL";
  if (every(/^\d{4}-\d\d-\d\d$/)) return "DATE";
  if (every(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)) return "DATETIME";
  if (every(/^(yes|no)$/)) return "BOOLEAN";
  return "TEXT";
}

function measure(value, type) {
  return type.startsWith("DATE") ? Date.parse(value) / 86_400_000 : Number(value);
}

function histogram(values, type) {
  if (type === "TEXT" || type === "BOOLEAN") return [];
  const numbers = values.filter((value) => value !== null).map((value) => measure(value, type));
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const bins = Array.from({ length: 20 }, (_, index) => ({
    low: low + ((high - low) * index) / 20,
    high: low + ((high - low) * (index + 1)) / 20,
    count: 0,
  }));
  for (const number of numbers) {
    bins[Math.min(19, Math.floor(((number - low) / (high - low || 1)) * 20))].count += 1;
  }
  return bins;
}

function profileColumn(column, values) {
  const type = typeOf(values);
  const present = values.filter((value) => value !== null);
  const counts = new Map();
  for (const value of present) counts.set(value, (counts.get(value) ?? 0) + 1);
  const isMeasured = type !== "TEXT" && type !== "BOOLEAN";
  const sorted = [...present].sort((a, b) =>
    isMeasured ? measure(a, type) - measure(b, type) : a < b ? -1 : 1,
  );
  return {
    column,
    type,
    null_count: values.length - present.length,
    distinct_count: counts.size,
    distinct_exact: true,
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    mean: null,
    top_values: [...counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count)
      .slice(0, 10),
    histogram: histogram(values, type),
    is_unique: counts.size === present.length,
    format: type === "DATE" ? "YYYY-MM-DD" : null,
    min_length: Math.min(...present.map((value) => value.length)),
    max_length: Math.max(...present.map((value) => value.length)),
  };
}

function makeUpload(id, filename, delimiter, minutes, warnings = []) {
  const text = readFileSync(path.join(samples, filename), "utf8");
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const columns = splitLine(header, delimiter);
  const rows = lines.map((line) =>
    splitLine(line, delimiter).map((cell) => {
      if (cell === "") return null;
      return delimiter === ";" && /^\d+,\d+$/.test(cell) ? cell.replace(",", ".") : cell;
    }),
  );
  const profile = columns.map((column, index) =>
    profileColumn(
      column,
      rows.map((row) => row[index] ?? null),
    ),
  );
  return {
    rows,
    upload: {
      id,
      filename: `${id}.csv`,
      original_filename: filename,
      upload_timestamp: ago(minutes),
      columns,
      column_types: Object.fromEntries(profile.map(({ column, type }) => [column, type])),
      sample_data: rows.slice(0, 5),
      row_count: rows.length,
      file_size: Buffer.byteLength(text),
      status: "ready",
      dialect: {
        encoding: delimiter === ";" ? "windows-1252" : "utf-8",
        delimiter,
        quote: '"',
        escape: null,
        header: true,
        header_rows: 1,
        skip_lines: 0,
        comment: null,
        decimal: delimiter === ";" ? "," : ".",
        confidence: 0.98,
      },
      profile,
      warnings,
    },
  };
}

const id = (number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;

export const files = [
  makeUpload(id(1), "orders.csv", ",", 40, [
    {
      line: 118,
      column: "shipped_on",
      code: "empty_value",
      message: "No value; it is kept as nothing.",
    },
    {
      line: 902,
      column: "status",
      code: "trailing_space",
      message: "Spaces around “delivered ” were removed.",
    },
  ]),
  makeUpload(id(2), "order_items.csv", ",", 41),
  makeUpload(id(3), "customers.csv", ",", 42),
  makeUpload(id(4), "products.csv", ";", 43),
];

const table = (index) => {
  const { upload } = files[index];
  const key = upload.columns[0];
  return {
    name: upload.original_filename.replace(".csv", ""),
    source: { csv_id: upload.id, rows: "all" },
    primary_key: [key],
    columns: upload.profile.map(({ column, type, null_count }) => ({
      name: column,
      type,
      constraints: null_count === 0 ? ["NOT NULL"] : [],
      source_column: column,
      references: null,
    })),
  };
};

const relation = (from_table, to_table, column, distinct, confidence) => ({
  from_table,
  from_columns: [column],
  to_table,
  to_columns: [column],
  cardinality: "many-to-one",
  confidence,
  evidence: {
    distinct,
    matched: distinct,
    orphan_rows: 0,
    orphan_samples: [],
    reasons: [`${distinct} of ${distinct} values found`, "same name as the key"],
    rivals: [],
  },
});

const shop = {
  tables: [0, 1, 2, 3].map(table),
  relationships: [
    relation("orders", "customers", "customer_id", 396, 0.98),
    relation("order_items", "orders", "order_id", 2600, 0.99),
    relation("order_items", "products", "product_id", 32, 0.97),
  ],
  indexes: [],
  suggestions: [],
  reasoning: "",
};

const record = (number, name, status, minutes, schema_json, ids) => ({
  id: id(number),
  name,
  csv_upload_ids: ids,
  schema_json,
  create_statements: schema_json.tables.map(({ name: table }) => `CREATE TABLE "${table}" (…)`),
  llm_reasoning: "",
  llm_model: "built-in",
  status,
  created_at: ago(minutes),
  executed_at: status === "executed" ? ago(minutes - 1) : null,
});

/** A schema as the list shows it. */
export function summary({ schema_json, create_statements: _, llm_reasoning: __, ...rest }) {
  return {
    ...rest,
    outline: {
      table_count: schema_json.tables.length,
      relationship_count: schema_json.relationships.length,
      tables: schema_json.tables.map(({ name }) => name),
      references: schema_json.relationships.map(({ from_table, to_table }) => ({
        from_table,
        to_table,
      })),
    },
  };
}

const small = (name, columns) => ({
  name,
  source: { csv_id: id(1), rows: "all" },
  primary_key: [columns[0]],
  columns: columns.map((column) => ({
    name: column,
    type: "TEXT",
    constraints: [],
    source_column: column,
  })),
});

export const schemas = [
  record(11, "Coffee roaster", "executed", 30, shop, files.map(({ upload }) => upload.id).slice(1)),
  record(
    12,
    "Clinic visits 2024",
    "generated",
    60 * 26,
    {
      ...shop,
      tables: ["patients", "visits", "doctors", "departments", "prescriptions", "drugs"].map(
        (name) => small(name, ["id"]),
      ),
      relationships: [
        relation("visits", "patients", "patient_id", 812, 0.97),
        relation("visits", "doctors", "doctor_id", 31, 0.95),
        relation("doctors", "departments", "department_id", 8, 0.9),
        relation("prescriptions", "visits", "visit_id", 2100, 0.96),
        relation("prescriptions", "drugs", "drug_id", 240, 0.92),
      ],
    },
    [id(98)],
  ),
  record(
    13,
    "A dataset with a rather long name that has to be cut somewhere",
    "failed",
    60 * 24 * 9,
    { ...shop, tables: [small("measurements", ["id"])], relationships: [] },
    [id(99)],
  ),
];

export const conversations = [
  ["Which 5 customers spent the most?", 12],
  ["How much did each category sell by month in 2024?", 95],
  ["How many orders were never shipped?", 60 * 7],
  ["What is the average basket in Germany compared with all other countries together?", 60 * 50],
].map(([title, minutes], index) => ({
  id: id(30 + index),
  schema_id: id(11),
  title,
  created_at: ago(minutes + 1),
  updated_at: ago(minutes),
}));

export const sessions = [
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
    "127.0.0.1",
    true,
    3,
  ],
  ["curl/8.14.1", "127.0.0.1", false, 60 * 30],
].map(([user_agent, address, current, minutes], index) => ({
  id: id(50 + index),
  user_agent,
  address,
  current,
  created_at: ago(minutes + 2000),
  last_used_at: ago(minutes),
  expires_at: ago(minutes + 2000 - 7 * 24 * 60),
  idle_expires_at: ago(minutes - 3 * 24 * 60),
}));

export const audit = [
  ["sign_in", "local", {}, 3],
  ["approve", "Coffee roaster", { tables: 4, rows: 8449, quarantined: 0 }, 29],
  ["generate_schema", "Coffee roaster", { engine: "built-in", files: 4 }, 30],
  ["upload", "orders.csv", { rows: 2600, bytes: 170233 }, 40],
  ["insert_refused", "orders", { reason: "refused by the user" }, 60 * 8],
].map(([action, subject, detail, minutes], index) => ({
  id: id(70 + index),
  action,
  subject,
  detail,
  created_at: ago(minutes),
}));

export const user = { id: id(90), email: null, name: "This computer", picture: null };
