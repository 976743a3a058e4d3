"use client";

import dynamic from "next/dynamic";
import { useState, type ReactNode } from "react";

import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Skeleton } from "@/components/ui/skeleton";

// Lists and forms come when the first chip is opened.
export const PartEditor = dynamic(
  () => import("@/components/plan/part-editor").then((m) => m.PartEditor),
  { ssr: false, loading: () => <Skeleton className="m-3 h-24" /> },
);

interface ChipPopoverProps {
  label: string;
  disabled: boolean;
  trigger: ReactNode;
  children: (close: () => void) => ReactNode;
  onClose?: () => void;
}

/** Modal, so that it scrolls inside a dialog and the keyboard stays in it. */
export function ChipPopover({ label, disabled, trigger, children, onClose }: ChipPopoverProps) {
  const [open, setOpen] = useState(false);
  const change = (isOpen: boolean) => {
    if (isOpen && disabled) return;
    setOpen(isOpen);
    if (!isOpen) onClose?.();
  };
  return (
    <Popover open={open && !disabled} onOpenChange={change} modal>
      <PopoverTrigger asChild>{trigger}</PopoverTrigger>
      <PopoverContent align="start" aria-label={label} className="w-80 overflow-hidden p-0">
        {children(() => change(false))}
      </PopoverContent>
    </Popover>
  );
}
