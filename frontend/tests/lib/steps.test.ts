import { expect, it } from "vitest";

import { buildSteps } from "@/lib/steps";
import { makeSchema } from "../support";

const states = (input: Partial<Parameters<typeof buildSteps>[0]>) =>
  buildSteps({ pathname: "/portal", schemaId: null, schemas: [], uploadCount: 0, ...input }).map(
    ({ id, state }) => `${id}:${state}`,
  );

it("opens only the first step to a newcomer", () => {
  expect(states({})).toEqual(["upload:next", "generate:blocked", "approve:blocked", "ask:blocked"]);
});

it("opens the next step with what is there", () => {
  expect(states({ uploadCount: 2, pathname: "/portal/upload" })).toEqual([
    "upload:current",
    "generate:next",
    "approve:blocked",
    "ask:blocked",
  ]);
  expect(states({ uploadCount: 2, schemas: [makeSchema("1", "generated")] })).toEqual([
    "upload:done",
    "generate:done",
    "approve:next",
    "ask:blocked",
  ]);
});

it("leads to the schema that the address names", () => {
  const schemas = [makeSchema("new", "generated"), makeSchema("old", "executed")];
  const steps = buildSteps({
    pathname: "/portal/query",
    schemaId: "old",
    schemas,
    uploadCount: 0,
  });
  expect(steps.map(({ href }) => href)).toEqual([
    "/portal/upload",
    "/portal/schema/generate",
    "/portal/schema/review?id=old",
    "/portal/query?schema=old",
  ]);
  expect(steps[2]?.state).toBe("done");
  expect(steps[3]?.state).toBe("current");
});

it("says why a step is closed", () => {
  const [, generate] = buildSteps({
    pathname: "/portal",
    schemaId: null,
    schemas: [],
    uploadCount: 0,
  });
  expect(generate?.hint).toBe("Upload a file first");
});
