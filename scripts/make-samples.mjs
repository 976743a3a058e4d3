// Makes data/samples: a coffee roaster's web shop over two years. Everything is invented; the same seed gives the same bytes.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "data", "samples");

// mulberry32: small, well spread, enough for sample data.
function randomSource(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const random = randomSource(20240229);
const whole = (low, high) => low + Math.floor(random() * (high - low + 1));
const pick = (list) => list[Math.floor(random() * list.length)];
const weighted = (pairs) => {
  let rest = random() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of pairs) if ((rest -= weight) < 0) return value;
  return pairs[0][0];
};
const day = (date) => date.toISOString().slice(0, 10);
const cell = (value, delimiter) => {
  const text = value === null ? "" : String(value);
  return text.includes(delimiter) || text.includes('"') || text.includes("\n") ? `"${text.replaceAll('"', '""')}"` : text;
};
const write = (name, header, rows, delimiter = ",") => {
  const lines = [header, ...rows].map((row) => row.map((value) => cell(value, delimiter)).join(delimiter));
  writeFileSync(join(folder, name), lines.join("\n") + "\n");
  console.log(`${name}: ${rows.length} rows`);
};

const firstNames = "Ada,Amir,Anna,Ben,Carla,Chloé,Daniel,Elif,Emma,Felix,Freja,Giulia,Hanna,Hugo,Ines,Jan,Jonas,Julia,Kofi,Lara,Lena,Liam,Lucía,Maja,Marek,Mia,Noah,Nora,Olivia,Oskar,Paula,Pedro,Rosa,Sam,Sara,Sofia,Theo,Tomás,Yara,Zoe".split(",");
const lastNames = "Andersen,Bauer,Berg,Bianchi,Carvalho,Costa,Dubois,Fischer,García,Hansen,Haas,Ibrahim,Jansen,Keller,Kovács,Kowalska,Larsen,Laurent,Lindqvist,López,Martin,Meyer,Moreau,Müller,Nielsen,Novák,O'Brien,Okafor,Petit,Pires,Rossi,Sato,Schmidt,Silva,Smith,Sørensen,Visser,Weber,Wójcik,Young".split(",");
const places = [
  ["Berlin", "Germany", 9], ["Hamburg", "Germany", 7], ["Munich", "Germany", 5], ["Vienna", "Austria", 4], ["Zurich", "Switzerland", 4],
  ["Paris", "France", 6], ["Lyon", "France", 3], ["Amsterdam", "Netherlands", 5], ["Copenhagen", "Denmark", 4], ["Stockholm", "Sweden", 3],
  ["Milan", "Italy", 3], ["Lisbon", "Portugal", 3], ["Madrid", "Spain", 4], ["Dublin", "Ireland", 2], ["Warsaw", "Poland", 3],
];

function makeCustomers(count) {
  const emails = new Set();
  return Array.from({ length: count }, (_, index) => {
    const first = pick(firstNames);
    const last = pick(lastNames);
    const plain = `${first}.${last}`.toLowerCase().replace(/ø/g, "o").normalize("NFD").replace(/[^a-z.]/g, "");
    let email = `${plain}@example.com`;
    for (let n = 2; emails.has(email); n += 1) email = `${plain}${n}@example.com`;
    emails.add(email);
    const [city, country] = weighted(places.map(([c, l, w]) => [[c, l], w]));
    const joined = new Date(Date.UTC(2023, 0, 1) + whole(0, 700) * 86_400_000);
    return { id: index + 1, name: `${first} ${last}`, email, city, country, joined, newsletter: random() < 0.55, keen: 0.3 + random() ** 3 * 4 };
  });
}

const products = [
  ["Harbour Espresso", "Beans", 14.9], ["Night Ferry Espresso", "Beans", 15.5], ["Lighthouse Filter", "Beans", 13.5], ["Morning Tide", "Beans", 12.9],
  ["Ethiopia Guji", "Beans", 17.9], ["Kenya Nyeri", "Beans", 18.5], ["Colombia Huila", "Beans", 15.9], ["Guatemala Antigua", "Beans", 16.5],
  ["Brazil Cerrado", "Beans", 12.5], ["Sumatra Gayo", "Beans", 16.9], ["Decaf Peru", "Beans", 15.2], ["Half-Caf Drift", "Beans", 14.2],
  ["Cold Brew Box", "Drinks", 21.0], ["Cascara Soda", "Drinks", 3.4], ["Chai Concentrate", "Drinks", 9.8], ["Drinking Chocolate", "Drinks", 11.5],
  ["Hand Grinder", "Equipment", 89.0], ["Pour-over Dripper", "Equipment", 24.5], ["Glass Server", "Equipment", 29.9], ["Gooseneck Kettle", "Equipment", 74.0],
  ["Moka Pot", "Equipment", 34.9], ["French Press", "Equipment", 39.5], ["Digital Scale", "Equipment", 49.9], ["Milk Jug", "Equipment", 18.9],
  ["Filter Papers 100", "Supplies", 6.9], ["Cleaning Tablets", "Supplies", 12.4], ["Descaler", "Supplies", 8.9], ["Storage Tin", "Supplies", 15.9],
  ["Stoneware Cup", "Gifts", 17.5], ["Tasting Set", "Gifts", 32.0], ["Gift Card", "Gifts", 50.0], ["Tote Bag", "Gifts", 14.0],
].map(([name, category, price], index) => ({ id: 101 + index, name, category, price, popularity: (category === "Beans" ? 5 : 1.5) * (0.4 + random()) }));

function makeOrders(customers, count) {
  const start = Date.UTC(2023, 0, 15);
  const span = Date.UTC(2024, 11, 31) - start;
  const orders = [];
  while (orders.length < count) {
    const customer = weighted(customers.map((each) => [each, each.keen]));
    const at = new Date(start + span * random() ** 0.8);
    const festive = at.getUTCMonth() === 11 || at.getUTCMonth() === 10;
    if (at < customer.joined || (!festive && random() < 0.25)) continue;
    at.setUTCHours(weighted([[8, 3], [9, 4], [12, 3], [15, 2], [18, 4], [20, 5], [22, 2]]), whole(0, 59), whole(0, 59), 0);
    const status = weighted([["delivered", 90], ["returned", 5], ["cancelled", 5]]);
    const shipped = status === "cancelled" ? null : new Date(at.getTime() + whole(1, 6) * 86_400_000);
    orders.push({ customer, at, status, shipped, channel: weighted([["web", 7], ["app", 4], ["phone", 1]]) });
  }
  return orders.sort((a, b) => a.at - b.at).map((order, index) => ({ id: 5001 + index, ...order }));
}

function makeItems(orders) {
  let id = 0;
  return orders.flatMap((order) => {
    const chosen = new Set();
    const wanted = weighted([[1, 4], [2, 4], [3, 3], [4, 1]]);
    while (chosen.size < wanted) chosen.add(weighted(products.map((each) => [each, each.popularity])));
    return [...chosen].map((product) => {
      // Prices of 2023 were a little lower; the price paid stands in the line, as in a real shop.
      const paid = order.at.getUTCFullYear() === 2023 ? product.price * 0.95 : product.price;
      const quantity = product.price > 30 ? 1 : weighted([[1, 6], [2, 4], [3, 1], [6, 1]]);
      return { id: (id += 1), order: order.id, product: product.id, quantity, price: paid.toFixed(2) };
    });
  });
}

mkdirSync(folder, { recursive: true });
const customers = makeCustomers(420);
const orders = makeOrders(customers, 2600);
const items = makeItems(orders);
write("customers.csv", ["customer_id", "name", "email", "city", "country", "joined_on", "newsletter"],
  customers.map((c) => [c.id, c.name, c.email, c.city, c.country, day(c.joined), c.newsletter ? "yes" : "no"]));
// As a European spreadsheet writes it: semicolons and decimal commas.
write("products.csv", ["product_id", "product_name", "category", "list_price"],
  products.map((p) => [p.id, p.name, p.category, p.price.toFixed(2).replace(".", ",")]), ";");
write("orders.csv", ["order_id", "customer_id", "ordered_at", "status", "channel", "shipped_on"],
  orders.map((o) => [o.id, o.customer.id, o.at.toISOString().slice(0, 19).replace("T", " "), o.status, o.channel, o.shipped ? day(o.shipped) : null]));
write("order_items.csv", ["item_id", "order_id", "product_id", "quantity", "unit_price"],
  items.map((i) => [i.id, i.order, i.product, i.quantity, i.price]));
