"use client";

import { CircleCheckIcon, LoaderCircleIcon, TriangleAlertIcon } from "lucide-react";
import type { ReactNode } from "react";

import {
  Sheet,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
} from "@/components/ui/sheet";
import { cn } from "@/lib/utils";

interface MendSheetProps {
  title: string;
  description: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** What editors of rows and cells share: a sheet beside the list. */
export function MendSheet({ title, description, onClose, children }: MendSheetProps) {
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()}>
      <SheetContent className="gap-0 sm:max-w-lg">
        <SheetHeader className="border-b pr-12">
          <SheetTitle className="break-words">{title}</SheetTitle>
          <SheetDescription className="break-words">{description}</SheetDescription>
        </SheetHeader>
        {children}
      </SheetContent>
    </Sheet>
  );
}

/** What the server says of the change at hand, heard as it changes. */
export function CheckLine({
  state,
  children,
}: {
  state: "checking" | "fits" | "unfit";
  children: ReactNode;
}) {
  const Icon = { checking: LoaderCircleIcon, fits: CircleCheckIcon, unfit: TriangleAlertIcon }[
    state
  ];
  return (
    <p
      role="status"
      className={cn(
        "flex items-start gap-2",
        state === "fits" && "text-success",
        state === "unfit" && "text-destructive",
        state === "checking" && "text-muted-foreground",
      )}
    >
      <Icon
        className={cn("mt-0.5 size-4 shrink-0", state === "checking" && "motion-safe:animate-spin")}
        aria-hidden="true"
      />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
