import type { PlanColumn } from "@/lib/plan/columns";
import type { PlanChange, PlanDocument } from "@/lib/plan/types";

/** What every part of a plan needs to be changed: where it stands, and whom to tell. */
export interface PlanDesk {
  schemaId: string;
  /** None before the first part was chosen. */
  document?: PlanDocument;
  columns: PlanColumn[];
  disabled: boolean;
  /** Changes that belong together, and their words. */
  onChange: (changes: PlanChange[], words: string) => void;
}
