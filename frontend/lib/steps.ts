import type { SchemaSummary } from "@/lib/api/types";

export type StepId = "upload" | "generate" | "approve" | "ask";

export interface Step {
  id: StepId;
  label: string;
  state: "done" | "current" | "next" | "blocked";
  href: string;
  /** What has to happen before this step makes sense; only when blocked. */
  hint?: string;
}

interface StepInput {
  pathname: string;
  /** The schema that the address names, if any. */
  schemaId: string | null;
  schemas: SchemaSummary[];
  uploadCount: number;
}

const currentStep = (pathname: string): StepId | null => {
  if (pathname.startsWith("/portal/upload")) return "upload";
  if (pathname.startsWith("/portal/schema/generate")) return "generate";
  if (pathname.startsWith("/portal/schema/review")) return "approve";
  if (pathname.startsWith("/portal/query")) return "ask";
  return null;
};

/** The way from files to answers: what is done, where one stands, what can be opened. */
export function buildSteps({ pathname, schemaId, schemas, uploadCount }: StepInput): Step[] {
  const current = currentStep(pathname);
  const named = schemas.find((schema) => schema.id === schemaId);
  const open = named ?? schemas.find((schema) => schema.status !== "executed") ?? schemas[0];
  const executed =
    named?.status === "executed" ? named : schemas.find((schema) => schema.status === "executed");
  const subject = named ?? schemas[0];

  const make = (
    id: StepId,
    label: string,
    href: string,
    isDone: boolean,
    hint: string | undefined,
  ): Step => ({
    id,
    label,
    href,
    state: id === current ? "current" : hint ? "blocked" : isDone ? "done" : "next",
    ...(hint && id !== current ? { hint } : {}),
  });

  return [
    make("upload", "Upload", "/portal/upload", uploadCount > 0 || schemas.length > 0, undefined),
    make(
      "generate",
      "Generate",
      "/portal/schema/generate",
      schemas.length > 0,
      uploadCount === 0 ? "Upload a file first" : undefined,
    ),
    make(
      "approve",
      "Approve",
      open ? `/portal/schema/review?id=${open.id}` : "/portal/schema/review",
      subject?.status === "executed",
      open ? undefined : "Generate a schema first",
    ),
    make(
      "ask",
      "Ask",
      executed ? `/portal/query?schema=${executed.id}` : "/portal/query",
      false,
      executed ? undefined : "Approve a schema first",
    ),
  ];
}
