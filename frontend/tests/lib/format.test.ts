import { describe, expect, it } from "vitest";

import {
  formatBytes,
  formatCompact,
  formatNumber,
  formatRelative,
  formatShare,
  plural,
} from "@/lib/format";

describe("numbers", () => {
  it("have thousands separators", () => {
    expect(formatNumber(41200)).toBe("41,200");
    expect(plural(1, "row")).toBe("1 row");
    expect(plural(14021, "row")).toBe("14,021 rows");
  });

  it("are shortened only when they are long", () => {
    expect(formatCompact(999)).toBe("999");
    expect(formatCompact(12_400)).toBe("12.4K");
  });

  it("show what is not a number as missing", () => {
    expect(formatNumber(Number.NaN)).toBe("–");
  });
});

describe("sizes", () => {
  it("count by 1,024, as the limits do", () => {
    expect(formatBytes(0)).toBe("0 B");
    expect(formatBytes(1023)).toBe("1,023 B");
    expect(formatBytes(10_485_760)).toBe("10 MB");
    expect(formatBytes(1536)).toBe("1.5 kB");
    expect(formatBytes(-1)).toBe("–");
  });
});

describe("shares", () => {
  it("never round a little to nothing or almost all to all", () => {
    expect(formatShare(0)).toBe("0%");
    expect(formatShare(1)).toBe("100%");
    expect(formatShare(0.0004)).toBe("<0.1%");
    expect(formatShare(0.9996)).toBe(">99.9%");
    expect(formatShare(0.051)).toBe("5.1%");
    expect(formatShare(0.347)).toBe("35%");
  });
});

describe("times", () => {
  const now = new Date("2026-03-10T12:00:00Z");

  it("are told from now", () => {
    expect(formatRelative("2026-03-10T11:59:30Z", now)).toBe("just now");
    expect(formatRelative("2026-03-10T09:00:00Z", now)).toBe("3 hours ago");
    expect(formatRelative("2026-03-09T11:00:00Z", now)).toBe("yesterday");
    expect(formatRelative("2026-03-17T12:00:00Z", now)).toBe("next week");
  });

  it("that cannot be read are missing, not 1970", () => {
    expect(formatRelative("soon", now)).toBe("–");
  });
});
