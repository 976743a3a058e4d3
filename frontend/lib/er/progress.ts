export interface Progress {
  stage: string;
  message: string;
  done: number;
  total: number;
  table?: string;
}

export interface Step extends Progress {
  label: string;
  state: "done" | "running";
}

const LABELS: Record<string, string> = {
  profiles: "Reading profiles",
  reading: "Reading profiles",
  keys: "Finding keys",
  relationships: "Checking relationships",
  normalisation: "Looking for tables to split",
  naming: "Naming tables and columns",
  forecast: "Counting what will be stored",
  done: "Done",
};

export function stageLabel(stage: string): string {
  const words = stage.replaceAll(/[_-]/g, " ");
  return LABELS[stage] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** The steps after one more report: a stage's last report counts, and ends the other stages. */
export function withProgress(steps: Step[], progress: Progress): Step[] {
  const finished = progress.stage === "done";
  const next: Step = {
    ...progress,
    label: stageLabel(progress.stage),
    state: finished ? "done" : "running",
  };
  const at = steps.findIndex((s) => s.stage === progress.stage);
  const others: Step[] = steps.map((s) => ({ ...s, state: "done" }));
  return at >= 0 ? others.with(at, next) : [...others, next];
}

/** 0 to 100; null where nothing is counted. */
export function percent({ done, total }: Pick<Progress, "done" | "total">): number | null {
  return total > 0 ? Math.min(100, Math.round((done / total) * 100)) : null;
}
