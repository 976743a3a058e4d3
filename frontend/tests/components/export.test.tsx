import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import { ExportButtons } from "@/components/chat/result-view";
import { renderWithCache } from "./support";

afterEach(() => vi.unstubAllGlobals());

describe("ExportButtons", () => {
  it.each([
    ["All rows as CSV", "/api/query/export", "csv"],
    ["All rows as CSV for Excel", "/api/query/export?bom=true", "csv"],
    ["All rows as JSON", "/api/query/export", "json"],
  ])(
    "H49: %s asks for a byte order mark only where it says so",
    async (item, path, format) => {
      const fetched = vi.fn(() => Promise.resolve(new Response("a\r\n1\r\n")));
      vi.stubGlobal("fetch", fetched);
      vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:1" }));
      vi.spyOn(HTMLAnchorElement.prototype, "click").mockReturnValue();
      renderWithCache(<ExportButtons schemaId="s1" sql="SELECT 1 AS a" />);
      await userEvent.click(screen.getByRole("button", { name: "Export" }));
      await userEvent.click(screen.getByRole("menuitem", { name: item }));
      await vi.waitFor(() => expect(fetched).toHaveBeenCalledOnce());
      const [request] = fetched.mock.calls[0] as unknown as [Request];
      const url = new URL(request.url);
      expect(url.pathname + url.search).toBe(path);
      expect(await request.json()).toEqual({ schema_id: "s1", sql: "SELECT 1 AS a", format });
    },
    20_000,
  );
});
