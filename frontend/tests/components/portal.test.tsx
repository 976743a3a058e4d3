import { readFileSync } from "node:fs";
import path from "node:path";

import { screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { initials } from "@/components/portal/account-menu";
import { DatasetCard } from "@/components/portal/dataset-card";
import { describeEngine } from "@/components/portal/engine-card";
import { PortalHome } from "@/components/portal/portal-home";
import { StepList } from "@/components/portal/stepper";
import { queryKeys } from "@/hooks/query-keys";
import { describeAction, describeDetail } from "@/lib/audit";
import { buildSteps } from "@/lib/steps";
import { describeUserAgent } from "@/lib/user-agent";
import { makeProfile, makeSchema, makeUpload } from "../support";
import { renderWithCache } from "./support";

vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn(), replace: vi.fn() }),
  usePathname: () => "/portal",
  useSearchParams: () => new URLSearchParams(),
}));

const llm = {
  provider: "built-in",
  model: null,
  reachable: false,
  installed_models: [],
  server: null,
  on_this_machine: true,
  note: "Ollama is not running.",
};

describe("PortalHome", () => {
  it("welcomes a first visit with two ways to begin", () => {
    renderWithCache(<PortalHome />, (client) => {
      client.setQueryData(queryKeys.schemas, []);
      client.setQueryData(queryKeys.csvUploads, []);
      client.setQueryData(queryKeys.llm, llm);
    });
    expect(screen.getByRole("button", { name: "Try the sample data" })).toBeEnabled();
    expect(screen.getByRole("heading", { name: "Drop your files here" })).toBeVisible();
    // What it says of the sample data is what they are.
    const orders = readFileSync(path.join(process.cwd(), "../data/samples/orders.csv"), "utf8");
    const years = new Set(orders.match(/(?<=,)\d{4}(?=-\d\d-\d\d \d)/g));
    expect([...years].sort()).toEqual(["2023", "2024"]);
    expect(screen.getByText(/over two years/)).toBeVisible();
  });

  it("shows datasets and the files that wait for a schema", () => {
    const used = makeUpload("u1", "orders.csv", [makeProfile("id")]);
    const unused = makeUpload("u2", "late.csv", [makeProfile("id")]);
    renderWithCache(<PortalHome />, (client) => {
      client.setQueryData(queryKeys.schemas, [
        makeSchema("s1", "executed", { csv_upload_ids: ["u1"], name: "Coffee" }),
      ]);
      client.setQueryData(queryKeys.csvUploads, [used, unused]);
      client.setQueryData([...queryKeys.conversations(), 100], []);
      client.setQueryData(queryKeys.llm, llm);
    });
    expect(screen.getByRole("link", { name: "Coffee" })).toHaveAttribute(
      "href",
      "/portal/query?schema=s1",
    );
    expect(screen.getByRole("link", { name: /Generate schema from 1 file/ })).toHaveAttribute(
      "href",
      "/portal/schema/generate?csv=u2",
    );
    expect(screen.getByText(/Ollama is not running\. Counts/)).toBeVisible();
  });
});

describe("DatasetCard", () => {
  it("leads to the review until it is approved", () => {
    renderWithCache(
      <DatasetCard schema={makeSchema("s2", "generated")} rows={12} lastQuestion={undefined} />,
    );
    expect(screen.getByRole("link", { name: "Dataset s2" })).toHaveAttribute(
      "href",
      "/portal/schema/review?id=s2",
    );
    expect(screen.getByText("Waits for approval")).toBeVisible();
  });
});

describe("StepList", () => {
  it("marks where one stands and keeps closed steps closed", () => {
    const steps = buildSteps({
      pathname: "/portal/upload",
      schemaId: null,
      schemas: [],
      uploadCount: 0,
    });
    renderWithCache(<StepList steps={steps} />);
    expect(screen.getByRole("link", { name: /Upload/ })).toHaveAttribute("aria-current", "step");
    expect(screen.getByRole("button", { name: /Ask, Approve a schema first/ })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
  });
});

it("says which engine answers, and why", () => {
  expect(
    describeEngine({
      provider: "ollama",
      model: "qwen2.5-coder:1.5b",
      reachable: true,
      installed_models: ["a", "b"],
      server: "127.0.0.1:11434",
      on_this_machine: true,
      note: null,
    }),
  ).toEqual({
    kind: "model",
    name: "qwen2.5-coder:1.5b",
    detail: "Answers by Ollama. 2 models installed.",
  });
  expect(describeEngine(llm).kind).toBe("built-in");
});

it("says what leaves this machine when the model is elsewhere", () => {
  const elsewhere = {
    provider: "openai",
    model: "coder",
    reachable: true,
    installed_models: ["coder"],
    server: "llm.example.org",
    on_this_machine: false,
    note: null,
  };
  const engine = describeEngine(elsewhere);
  expect(engine.kind).toBe("model-elsewhere");
  expect(engine.detail).toBe(
    "Answers by the model server at llm.example.org. Your questions, the names of tables and columns, sample values and results are sent to llm.example.org.",
  );
  expect(describeEngine({ ...elsewhere, on_this_machine: true }).detail).toBe(
    "Answers by the model server at llm.example.org.",
  );
});

it("shortens names to initials", () => {
  const user = { id: "1", email: null, name: null, picture: null };
  expect(initials({ ...user, name: "Ada King Lovelace" })).toBe("AL");
  expect(initials({ ...user, email: "ada@example.com" })).toBe("A");
  expect(initials(null)).toBe("•");
});

it("puts the audit log into words", () => {
  expect(describeAction("insert_refused")).toBe("Refused to add rows");
  expect(describeAction("archive_dataset")).toBe("Archive dataset");
  expect(
    describeDetail({
      id: "1",
      action: "approve",
      subject: "s",
      created_at: "",
      detail: { session_id: "x", tables: 4, nested: { x: 1 }, engine: "built-in" },
    }),
  ).toBe("4 tables · engine built-in");
  const entry = { id: "1", action: "pull_model", subject: "llama3.2", created_at: "", detail: {} };
  expect(describeDetail(entry)).toBe("llama3.2");
  const ended = {
    ...entry,
    action: "end_session",
    subject: "01937e5c-8c11-7cc3-98a4-1d2f3a4b5c6d",
  };
  expect(describeDetail(ended)).toBe("");
  expect(describeDetail({ ...ended, detail: { how: "local" } })).toBe("on this computer");
});

it("puts a browser's name into words", () => {
  expect(
    describeUserAgent("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"),
  ).toBe("Firefox on Windows");
  expect(describeUserAgent("curl/8.14.1")).toBe("curl");
  expect(describeUserAgent(null)).toBe("Unknown client");
});
