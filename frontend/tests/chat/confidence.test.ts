import { describe, expect, it } from "vitest";

import { confidenceWords } from "@/lib/chat/confidence";

describe("confidence in words", () => {
  it("gives the number with its source", () => {
    expect(confidenceWords(0.83)).toBe("Likely right: 83 in 100, by questions with known answers.");
    expect(confidenceWords(0.29)).toContain("only 29 of 100");
  });
  it("says that it is unsure below the probability at which the service answers", () => {
    expect(confidenceWords(0.7)).toMatch(/^Likely right: 70 in 100/);
    expect(confidenceWords(0.6999)).toMatch(/^Unsure: right in only 69 of 100/);
  });
  it("never rounds an estimate up to certain nor down to impossible", () => {
    expect(confidenceWords(0.9999)).toContain("99 in 100");
    expect(confidenceWords(0.001)).toContain("only 1 of 100");
  });
  it("calls a picked reading picked", () => {
    expect(confidenceWords(1)).toBe("You picked this reading of your question.");
  });
  it("says nothing where nothing is known", () => {
    expect([null, undefined, Number.NaN].map(confidenceWords)).toEqual([null, null, null]);
  });
});
