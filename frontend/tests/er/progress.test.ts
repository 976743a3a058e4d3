import { describe, expect, it } from "vitest";
import { percent, stageLabel, withProgress, type Step } from "@/lib/er/progress";

const report = (stage: string, done = 0, total = 0) => ({ stage, message: stage, done, total });

describe("progress", () => {
  it("keeps one line for each stage, and ends the earlier ones", () => {
    let steps = withProgress([], report("profiles", 1, 4));
    steps = withProgress(steps, report("profiles", 4, 4));
    steps = withProgress(steps, report("relationships", 37, 112));
    expect(steps.map((s) => [s.label, s.done, s.state])).toEqual([
      ["Reading profiles", 4, "done"],
      ["Checking relationships", 37, "running"],
    ]);
  });
  it("goes back to a stage that reports again", () => {
    const steps = ["keys", "relationships", "keys"].reduce(
      (all, stage) => withProgress(all, report(stage, 1, 2)),
      [] as Step[],
    );
    expect(steps.map((s) => s.state)).toEqual(["running", "done"]);
  });
  it("counts in percent only where there is something to count", () => {
    expect(percent(report("x", 37, 112))).toBe(33);
    expect(percent(report("x"))).toBeNull();
  });
  it("has words for a stage it does not know", () => {
    expect(stageLabel("foreign_keys")).toBe("Foreign keys");
  });
});
