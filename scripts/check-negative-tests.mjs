// Every case of groups E (sign-in), F (upload) and H (walls around statements and files) in docs/SECURITY.md has a test
// that bears its number, and no test bears a number that is not in the list. H counts by itself: its cases are those that
// the document names.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const groups = { a: [1, 23], b: [24, 39], c: [40, 46], d: [47, 52], e: [53, 75], f: [76, 86], g: [87, 92] };
const complete = ["e", "f"];
const ofH = [...readFileSync(join(root, "docs/SECURITY.md"), "utf8").matchAll(/\*\*H(\d{2})\*\*/g)].map(([, number]) => Number(number));

function files(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(rs|ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

const tested = new Set();
const faults = [];
for (const file of ["crates", "frontend/e2e", "frontend/tests"].flatMap(files)) {
  for (const [, group, number] of readFileSync(file, "utf8").matchAll(/(?:fn |")([a-hA-H])(\d{2})(?:_|: )/g)) {
    const isH = group.toLowerCase() === "h";
    const [first, last] = groups[group.toLowerCase()] ?? [];
    if (isH ? !ofH.includes(Number(number)) : number < first || number > last) {
      faults.push(`${file}: there is no case ${group}${number}`);
    }
    tested.add(group.toLowerCase() + number);
  }
}
for (const group of complete) {
  const [first, last] = groups[group];
  for (let number = first; number <= last; number += 1) {
    const two = String(number).padStart(2, "0");
    if (!tested.has(group + two)) faults.push(`no test bears the number ${group.toUpperCase()}${two}`);
  }
}
for (const number of ofH) {
  if (!tested.has(`h${String(number).padStart(2, "0")}`)) faults.push(`no test bears the number H${number}`);
}
if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`Negative tests: ${tested.size} cases, groups ${complete.join(", ").toUpperCase()} and H whole`);
