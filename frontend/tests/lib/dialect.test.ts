import { expect, it } from "vitest";

import { describeDialect } from "@/lib/dialect";

const plain = {
  encoding: "utf-8",
  delimiter: ",",
  quote: '"',
  escape: null,
  header: true,
  header_rows: 1,
  skip_lines: 0,
  sets_aside: true,
  comment: null,
  decimal: ".",
  confidence: 1,
};

it("says how a file is written", () => {
  expect(describeDialect(plain)).toBe("comma, UTF-8");
  expect(
    describeDialect({ ...plain, delimiter: ";", encoding: "windows-1252", decimal: "," }),
  ).toBe("semicolon, Windows-1252, decimal comma");
});

it("mentions only what is unusual", () => {
  expect(
    describeDialect({
      ...plain,
      delimiter: "\t",
      encoding: "iso-8859-15",
      header: false,
      skip_lines: 1,
      comment: "#",
      quote: "'",
    }),
  ).toBe("tab, ISO-8859-15, quote ', no header row, 1 line skipped above, comments after #");
  expect(describeDialect({ ...plain, delimiter: "~", header_rows: 2 })).toBe(
    "separator ~, UTF-8, 2 header rows",
  );
  expect(describeDialect({ ...plain, encoding: "ibm850", footer_line: 12 })).toBe(
    "comma, DOS 850, footer from line 12",
  );
});
