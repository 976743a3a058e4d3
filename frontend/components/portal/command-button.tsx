"use client";

import { SearchIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useControlKey } from "@/hooks/use-hotkey";

const CommandPalette = dynamic(
  () => import("@/components/portal/command-palette").then((module) => module.CommandPalette),
  { ssr: false },
);

/** Opens the palette; its code is fetched at the first opening. */
export function CommandButton() {
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const change = (open: boolean) => {
    if (open) setWasOpened(true);
    setIsOpen(open);
  };
  useControlKey("k", () => change(!isOpen));
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        className="text-muted-foreground"
        aria-label="Open the command palette"
        aria-keyshortcuts="Control+K"
        onClick={() => change(true)}
      >
        <SearchIcon />
        <Kbd className="max-lg:hidden">Ctrl K</Kbd>
      </Button>
      {wasOpened && <CommandPalette open={isOpen} onOpenChange={change} />}
    </>
  );
}
