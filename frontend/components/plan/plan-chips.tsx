"use client";

import {
  ArrowDownWideNarrowIcon,
  CalendarIcon,
  Columns3Icon,
  FilterIcon,
  HashIcon,
  LayersIcon,
  PlusIcon,
  SigmaIcon,
  TableIcon,
  type LucideIcon,
} from "lucide-react";
import { useState, type ComponentProps } from "react";

import { ChipPopover, PartEditor } from "@/components/plan/chip-popover";
import type { PlanDesk } from "@/components/plan/desk";
import type { Chip, ChipKind, Plan } from "@/lib/plan/types";
import { ADDABLE, kindName } from "@/lib/plan/words";
import { cn } from "@/lib/utils";

const ICONS: Record<ChipKind, LucideIcon> = {
  rows: TableIcon,
  shown: Columns3Icon,
  measure: SigmaIcon,
  group: LayersIcon,
  where: FilterIcon,
  having: FilterIcon,
  period: CalendarIcon,
  order: ArrowDownWideNarrowIcon,
  limit: HashIcon,
};

/** A plan as chips: each says one part of it and opens what can stand in its place. */
export function PlanChips({ plan, desk }: { plan: Plan; desk: PlanDesk }) {
  return (
    <ul aria-label="How the question was read" className="flex flex-wrap items-center gap-1.5">
      {plan.chips.map((chip) => (
        <li key={chip.id} className="max-w-full min-w-0">
          <PlanChip chip={chip} desk={desk} />
        </li>
      ))}
      <li>
        <AddPart desk={desk} kinds={ADDABLE} />
      </li>
    </ul>
  );
}

export function PlanChip({ chip, desk }: { chip: Chip; desk: PlanDesk }) {
  const Icon = ICONS[chip.kind];
  const content = (
    <>
      <Icon className="size-3.5 shrink-0 text-muted-foreground" aria-hidden="true" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <span className="sr-only">{kindName(chip.kind)}: </span>
        {chip.label}
      </span>
      {chip.assumed && (
        <span className="shrink-0 text-warning">
          <span aria-hidden="true">≈ </span>assumed
        </span>
      )}
    </>
  );
  if (!chip.changeable && !chip.removable && !chip.assumed)
    return <span className={cn(chipShape, "border-transparent bg-muted")}>{content}</span>;
  return (
    <ChipPopover
      disabled={desk.disabled}
      label={`${kindName(chip.kind)}: ${chip.label}`}
      trigger={
        <ChipButton
          aria-disabled={desk.disabled}
          className={chip.assumed ? "border-dashed border-warning/60" : undefined}
        >
          {content}
        </ChipButton>
      }
    >
      {(close) => <PartEditor desk={desk} kind={chip.kind} chip={chip} onDone={close} />}
    </ChipPopover>
  );
}

const chipShape =
  "inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-left text-[0.8125rem] leading-snug";

// Not `disabled`: a button that works again in a moment keeps the focus.
function ChipButton({ className, ...props }: ComponentProps<"button">) {
  return (
    <button
      type="button"
      className={cn(
        chipShape,
        "bg-background transition-colors outline-none hover:border-primary/50 hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60 aria-disabled:pointer-events-none aria-disabled:opacity-60 data-[state=open]:border-primary/60 data-[state=open]:bg-accent pointer-coarse:min-h-9",
        className,
      )}
      {...props}
    />
  );
}

interface AddPartProps {
  desk: PlanDesk;
  kinds: { kind: ChipKind; name: string }[];
  /** What the button says, where "add" alone says too little. */
  label?: string;
}

/** "+ add": of several kinds one is chosen first. */
export function AddPart({ desk, kinds, label = "add" }: AddPartProps) {
  const only = kinds.length === 1 ? kinds[0]?.kind : undefined;
  const [kind, setKind] = useState<ChipKind>();
  const chosen = only ?? kind;
  return (
    <ChipPopover
      disabled={desk.disabled}
      label={chosen ? `Add: ${kindName(chosen)}` : "What to add"}
      onClose={() => setKind(undefined)}
      trigger={
        <ChipButton
          aria-disabled={desk.disabled}
          className="border-dashed text-muted-foreground hover:text-foreground"
        >
          <PlusIcon className="size-3.5" aria-hidden="true" />
          {label}
        </ChipButton>
      }
    >
      {(close) =>
        chosen ? (
          <PartEditor desk={desk} kind={chosen} onDone={close} />
        ) : (
          <KindMenu kinds={kinds} onChoose={setKind} />
        )
      }
    </ChipPopover>
  );
}

/** Arrows move, as in the lists that follow. */
function KindMenu({
  kinds,
  onChoose,
}: Pick<AddPartProps, "kinds"> & { onChoose: (kind: ChipKind) => void }) {
  return (
    <ul
      className="p-1"
      onKeyDown={(event) => {
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        const buttons = [...event.currentTarget.querySelectorAll("button")];
        const at = buttons.findIndex((button) => button === document.activeElement);
        buttons[(at + by + buttons.length) % buttons.length]?.focus();
      }}
    >
      {kinds.map(({ kind, name }) => {
        const Icon = ICONS[kind];
        return (
          <li key={kind}>
            <button
              type="button"
              onClick={() => onChoose(kind)}
              className="flex w-full items-center gap-2 rounded-md px-2 py-2 text-left text-sm outline-none hover:bg-accent focus-visible:bg-accent"
            >
              <Icon className="size-4 text-muted-foreground" aria-hidden="true" />
              {name}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
