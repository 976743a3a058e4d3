import { describe, expect, it } from "vitest";

import { datasetNameFault } from "@/lib/datasets";
import { DEFINITION_FORMATS, fileName, readFormat } from "@/lib/er/definition";

describe("definitions", () => {
  it("are read from the address; SQLite where it names none that there is", () => {
    for (const format of DEFINITION_FORMATS) expect(readFormat(format)).toBe(format);
    expect(readFormat(null)).toBe("sqlite");
    expect(readFormat("mysql")).toBe("sqlite");
    expect(readFormat("constructor")).toBe("sqlite");
  });

  it("go into files that are named after the dataset", () => {
    expect(fileName("Coffee shop", "dbml")).toBe("Coffee shop.dbml");
    expect(fileName("Größe 名前", "svg")).toBe("Größe 名前.svg");
    expect(fileName("../..\\a/b:c\n", "sql")).toBe("a b c.sql");
    expect(fileName(" . ", "sql")).toBe("schema.sql");
    expect(fileName("x".repeat(500), "png")).toHaveLength(84);
  });
});

describe("a dataset's name", () => {
  it("has one to 200 characters besides the blanks around it", () => {
    expect(datasetNameFault("  ")).toBe("A name is needed.");
    expect(datasetNameFault(` ${"😀".repeat(200)} `)).toBeNull();
    expect(datasetNameFault("x".repeat(201))).toBe("At most 200 characters.");
  });
});
