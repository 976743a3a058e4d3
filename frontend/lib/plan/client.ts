import { apiPath, requestJson } from "@/lib/chat/request";
import type { PickTarget, PlanDocument, PlanOptions, PlanPreview, PlanStep } from "./types";

export interface OptionsWish {
  plan?: PlanDocument;
  target: PickTarget;
  search: string;
}

export function fetchOptions(
  schemaId: string,
  { plan, target, search }: OptionsWish,
  signal?: AbortSignal,
): Promise<PlanOptions> {
  return requestJson<PlanOptions>(apiPath`/api/schema/${schemaId}/plan/options`, {
    method: "POST",
    body: { plan, ...target, ...(search === "" ? {} : { search }) },
    signal,
  });
}

export function fetchPreview(
  schemaId: string,
  { document, changes }: PlanStep,
  signal?: AbortSignal,
): Promise<PlanPreview> {
  return requestJson<PlanPreview>(apiPath`/api/schema/${schemaId}/plan/preview`, {
    method: "POST",
    body: { plan: document, changes },
    signal,
  });
}
