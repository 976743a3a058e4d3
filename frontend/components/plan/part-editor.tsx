"use client";

import { PencilIcon, Trash2Icon } from "lucide-react";
import { useState } from "react";

import { byHand } from "@/components/plan/by-hand-form";
import type { PlanDesk } from "@/components/plan/desk";
import { PickList } from "@/components/plan/pick-list";
import { Button } from "@/components/ui/button";
import type { Chip, ChipKind, PlanChange } from "@/lib/plan/types";
import { changeWords, kindName } from "@/lib/plan/words";

interface PartEditorProps {
  desk: PlanDesk;
  kind: ChipKind;
  /** The chip that is changed; none where a part is added. */
  chip?: Chip;
  onDone: () => void;
}

/** The inside of a chip's popover: why it is there, what can stand in its place, and its removal. */
export function PartEditor({ desk, kind, chip, onDone }: PartEditorProps) {
  const [writing, setWriting] = useState(false);
  const written = byHand(kind);
  const isOpen = !chip || chip.changeable;
  const tell = (changes: PlanChange[], words: string) => {
    onDone();
    desk.onChange(changes, words);
  };
  const pick = (change: PlanChange, label: string) => {
    if (!chip) tell([change], changeWords.add(kind, label));
    else tell([change], changeWords.replace(chip, label));
  };
  const pickWritten = (change: PlanChange, label: string) => {
    // A condition by hand joins the others; the number of rows is only ever one.
    if (chip?.removable && kind !== "limit")
      tell([{ remove: chip.id }, change], changeWords.replace(chip, label));
    else pick(change, label);
  };
  const hasFooter = !writing && ((isOpen && written) || chip?.removable);
  return (
    <div>
      {chip?.assumed && (
        <p className="border-b bg-warning-soft px-3 py-2 text-xs text-warning">
          <strong className="font-medium">Assumed.</strong> {chip.assumed}
        </p>
      )}
      {isOpen &&
        (writing && written ? (
          <written.Form
            columns={desk.columns}
            label={chip?.label ?? ""}
            onWritten={pickWritten}
            onBack={() => setWriting(false)}
          />
        ) : (
          <PickList
            schemaId={desk.schemaId}
            document={desk.document}
            target={chip ? { chip: chip.id } : { add: kind }}
            name={kindName(kind)}
            onPick={(option) => (option.current ? onDone() : pick(option.change, option.label))}
          />
        ))}
      {hasFooter && (
        <div className="flex flex-wrap gap-1 border-t p-1.5">
          {isOpen && written && (
            <Button variant="ghost" size="sm" onClick={() => setWriting(true)}>
              <PencilIcon aria-hidden="true" />
              {written.name}…
            </Button>
          )}
          {chip?.removable && (
            <Button
              variant="ghost"
              size="sm"
              className="ml-auto"
              onClick={() => tell([{ remove: chip.id }], changeWords.remove(chip))}
            >
              <Trash2Icon aria-hidden="true" />
              Remove
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
