// docs/API.md names every route of openapi.json as `METHOD /path`, and no other.
import { readFileSync } from "node:fs";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const methods = ["get", "put", "post", "delete", "patch"];

const routes = Object.entries(JSON.parse(read("openapi.json")).paths).flatMap(([path, item]) =>
  methods.filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${path}`),
);
const named = [...read("docs/API.md").matchAll(/`((?:GET|PUT|POST|DELETE|PATCH) \/[^`]*)`/g)].map(([, route]) => route);

const faults = [
  ...routes.filter((route) => !named.includes(route)).map((route) => `docs/API.md does not name ${route}`),
  ...named.filter((route) => !routes.includes(route)).map((route) => `docs/API.md names ${route}, which openapi.json does not have`),
];
if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`docs/API.md: ${routes.length} routes, all named`);
