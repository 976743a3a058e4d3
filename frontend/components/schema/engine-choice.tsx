"use client";

import { Label } from "@/components/ui/label";
import { RadioGroup, RadioGroupItem } from "@/components/ui/radio-group";
import type { Engine } from "@/hooks/use-generate";
import { useLlm } from "@/hooks/use-llm";

/** Who decides: rules alone, or a model whose proposals are checked. */
export function EngineChoice({
  value,
  onChange,
}: {
  value: Engine;
  onChange: (engine: Engine) => void;
}) {
  const llm = useLlm();
  const model = llm.data?.reachable && llm.data.model ? llm.data.model : null;
  const leaves =
    llm.data && !llm.data.on_this_machine
      ? ` Names and sample values are sent to ${llm.data.server}.`
      : "";
  const choices: { engine: Engine; title: string; text: string; off?: boolean }[] = [
    {
      engine: "auto",
      title: "Automatic",
      text: "Takes the engine that does best. For now these are the built-in rules.",
    },
    {
      engine: "builtin",
      title: "Built-in",
      text: "Rules over your data alone. Quick, and the same every time.",
    },
    {
      engine: "llm",
      title: "Model",
      text: model
        ? `Rules at once; then ${model} says what tables and unclear columns hold while you review.${leaves}`
        : "Needs a language model. None answers now.",
      off: model === null,
    },
  ];
  return (
    <fieldset>
      <legend className="mb-2 font-semibold">Engine</legend>
      <RadioGroup
        value={value}
        onValueChange={(v) => onChange(v as Engine)}
        aria-label="Engine"
        className="grid gap-2 sm:grid-cols-3"
      >
        {choices.map((c) => (
          <Label
            key={c.engine}
            className="flex items-start gap-3 rounded-xl border bg-card p-3.5 font-normal shadow-card has-data-[state=checked]:border-primary has-data-[state=checked]:ring-1 has-data-[state=checked]:ring-primary has-disabled:opacity-60"
          >
            <RadioGroupItem value={c.engine} disabled={c.off} className="mt-0.5" />
            <span>
              <span className="block font-medium">{c.title}</span>
              <span className="mt-1 block leading-snug text-muted-foreground">{c.text}</span>
            </span>
          </Label>
        ))}
      </RadioGroup>
    </fieldset>
  );
}
