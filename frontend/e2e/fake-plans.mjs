// Invented plans: what can be chosen for their parts, what they give, and the turns that ask them. The plan's document
// is a list of its parts; the page never looks into it.

const choices = {
  rows: ["orders", "customers", "products"],
  measure: ["Total amount", "Number of orders", "Average amount"],
  group: ["by country", "by month of ordered at", "by category", "by city"],
  where: ["status is “paid”", "country is “Germany”", "country is “France”"],
  period: ["ordered at: 2024", "ordered at: 2023", "ordered at: March 2024"],
  order: ["highest first", "country (A to Z)"],
  limit: ["first 5", "first 10", "first 100"],
  shown: ["city", "email"],
};
const order = ["rows", "shown", "measure", "group", "where", "period", "having", "order", "limit"];
const details = { "Total amount": "of orders", "Number of orders": "each row once" };

const figures = [
  ["Germany", 48211.5],
  ["France", 31077.25],
  ["Italy", 20490],
  ["Spain", 18002.75],
  ["The Netherlands, with the islands", 9011],
  ["Austria", 7340.5],
];

/** The plan of the first answer. */
export const firstPlan = {
  parts: [
    { kind: "measure", label: "Total amount" },
    { kind: "group", label: "by country" },
    {
      kind: "period",
      label: "ordered at: 2024",
      assumed: "Two dates fit; ordered at is when orders happen.",
    },
    { kind: "order", label: "highest first" },
  ],
};

export function planOf(document) {
  const counts = {};
  const chips = document.parts.map(({ kind, label, assumed }) => {
    counts[kind] = (counts[kind] ?? -1) + 1;
    const isSingle = kind === "rows" || kind === "limit";
    return {
      id: isSingle ? kind : `${kind}.${counts[kind]}`,
      kind,
      label,
      ...(assumed ? { assumed } : {}),
      removable: kind !== "rows",
      changeable: kind !== "having",
    };
  });
  return { document, chips };
}

const unfit = (detail) => ({
  status: 422,
  body: { status: 422, code: "change_does_not_fit", detail },
});

function byHand(change) {
  if (change.limit) return { kind: "limit", label: `first ${change.limit}` };
  if (change.period) {
    const { column, from, until } = change.period;
    return {
      kind: "period",
      label: `${column.split(".")[1].replaceAll("_", " ")}: ${from} to ${until}`,
    };
  }
  const { column, operator, values } = change.where;
  return {
    kind: "where",
    label: `${column.split(".")[1]} ${operator.replaceAll("_", " ")} ${values.join(" and ")}`,
  };
}

function changed(document, changes) {
  let parts = (document?.parts ?? []).map(({ kind, label }) => ({ kind, label }));
  for (const change of changes) {
    const ids = planOf({ parts }).chips.map(({ id }) => id);
    if (change.remove) parts = parts.filter((_, at) => ids[at] !== change.remove);
    else {
      const part = change.put?.part ?? byHand(change);
      const at = ids.indexOf(change.put?.chip ?? (part.kind === "limit" ? "limit" : ""));
      parts = at < 0 ? [...parts, part] : parts.with(at, part);
    }
  }
  parts.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return { parts };
}

function resultOf({ parts }) {
  const isGrouped = parts.some(({ kind }) => kind === "group");
  const limit = Number(
    /\d+/.exec(parts.find(({ kind }) => kind === "limit")?.label ?? "")?.[0] ?? 99,
  );
  const rows = (isGrouped ? figures : [["All", 134133]]).slice(0, limit);
  return {
    columns: [
      { name: "country", type: "TEXT" },
      { name: "total_amount", type: "DECIMAL" },
    ],
    rows,
    row_count: rows.length,
    truncated: false,
  };
}

const restated = ({ parts }) => `${parts.map(({ label }) => label).join(", ")}.`;

function options({ plan, chip, add, search = "" }) {
  const current = plan && planOf(plan).chips.find(({ id }) => id === chip);
  const kind = add ?? current?.kind;
  const found = (choices[kind] ?? []).filter((label) =>
    label.toLowerCase().includes(search.toLowerCase()),
  );
  return {
    options: found.map((label) => ({
      label,
      ...(details[label] ? { detail: details[label] } : {}),
      current: label === current?.label,
      change: { put: { ...(chip ? { chip } : {}), part: { kind, label } } },
    })),
    more: kind === "where" && search === "",
  };
}

function preview({ plan, changes }) {
  const document = changed(plan, changes);
  if (document.parts.some(({ label }) => label === "by city"))
    return unfit("Orders have nothing to do with cities.");
  const result = resultOf(document);
  return {
    status: 200,
    body: {
      plan: planOf(document),
      restatement: restated(document),
      sql: "SELECT 1",
      ...result,
      rows: result.rows.slice(0, 5),
    },
  };
}

/** The answer to a request under `/plan/`. */
export function answerPlan(what, body) {
  return what === "options" ? { status: 200, body: options(body) } : preview(body);
}

function receipt(document) {
  const sql = "SELECT country, SUM(amount) AS total_amount FROM orders GROUP BY country";
  return {
    ...resultOf(document),
    sql,
    tables: ["orders", "customers"],
    matched_values: [],
    attempts: [{ sql }],
    engine: "built-in",
    restatement: restated(document),
    elapsed_ms: 3,
    chart: { kind: "bar", x: "country", y: ["total_amount"] },
    plan: planOf(document),
  };
}

const says = (text) => [
  { type: "text-start", id: "t" },
  { type: "text-delta", id: "t", delta: text },
  { type: "text-end", id: "t" },
];

const readings = {
  kind: "readings",
  question: "Which of these do you mean?",
  choices: [
    { label: "Total amount by country", preview: "Germany, 48,211.50", plan: firstPlan },
    {
      label: "Number of orders by country of the customer who placed them",
      preview: "Germany, 1,204",
      plan: { parts: [{ kind: "measure", label: "Number of orders" }, firstPlan.parts[1]] },
    },
  ].map((choice) => ({ ...choice, message: choice.label })),
};

/** The events of a turn: by a plan where one is sent, else by a word in the question. */
export function answerChat({ messages, plan }) {
  const question = messages
    .at(-1)
    .parts.map(({ text }) => text ?? "")
    .join(" ");
  if (plan) {
    const document = changed(plan.document, plan.changes);
    return [...says(restated(document)), { type: "data-receipt", data: receipt(document) }];
  }
  if (/best/i.test(question))
    return [...says(readings.question), { type: "data-clarify", data: readings }];
  if (/weather/i.test(question)) return says("Nothing in this data is called “weather”.");
  return [
    ...says("Germany spent the most: 48,211.50 in 2024."),
    { type: "data-receipt", data: receipt(firstPlan) },
  ];
}
