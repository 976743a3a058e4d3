"use client";

import { CheckIcon } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import {
  Command,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from "@/components/ui/command";
import { Skeleton } from "@/components/ui/skeleton";
import { usePlanOptions } from "@/hooks/use-plan";
import { errorMessage } from "@/lib/api/error";
import type { PickTarget, PlanDocument, PlanOption } from "@/lib/plan/types";

interface PickListProps {
  schemaId: string;
  document?: PlanDocument;
  target: PickTarget;
  /** What is chosen here. */
  name: string;
  onPick: (option: PlanOption) => void;
}

/** What can be chosen for one part of a plan: searched by the server, which also finds stored values. */
export function PickList({ schemaId, document, target, name, onPick }: PickListProps) {
  const [search, setSearch] = useState("");
  const found = usePlanOptions(schemaId, { plan: document, target, search });
  const options = found.data?.options ?? [];
  const [chosen, setChosen] = useState("");
  const values = options.map(({ label }, at) => `${at}:${label}`);
  // Enter takes the first of what a search found, as soon as it is there.
  const highlighted = values.includes(chosen) ? chosen : (values[0] ?? "");
  return (
    <Command
      shouldFilter={false}
      value={highlighted}
      onValueChange={setChosen}
      label={name}
      className="h-auto bg-transparent"
    >
      <CommandInput
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder="Search…"
        aria-busy={found.isFetching || found.isLate}
      />
      <CommandList className="max-h-64" label={name}>
        {found.isPending && <Loading />}
        {options.length > 0 && (
          <CommandGroup className={found.isLate ? "opacity-60" : undefined}>
            {options.map((option, at) => (
              <CommandItem
                key={values[at]}
                value={values[at]}
                onSelect={() => onPick(option)}
                className="items-start"
              >
                <CheckIcon
                  aria-hidden="true"
                  className={option.current ? "mt-0.5 text-primary" : "mt-0.5 opacity-0"}
                />
                <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                  {option.label}
                  {option.detail && (
                    <span className="block text-xs text-muted-foreground">{option.detail}</span>
                  )}
                </span>
                {option.current && (
                  <span className="mt-0.5 text-xs text-muted-foreground">now</span>
                )}
              </CommandItem>
            ))}
          </CommandGroup>
        )}
      </CommandList>
      <div role="status" className="px-3 text-xs text-muted-foreground">
        {found.isSuccess && options.length === 0 && (
          <p className="py-4 text-center text-sm">
            {found.search === ""
              ? "There is nothing to choose here."
              : `Nothing here matches “${found.search}”.`}
          </p>
        )}
        {found.data?.more && <p className="pb-2">There are more: search to find them.</p>}
      </div>
      {found.isError && (
        <div role="alert" className="flex flex-col items-start gap-2 px-3 py-3 text-sm">
          {errorMessage(found.error)}
          <Button variant="outline" size="sm" onClick={() => void found.refetch()}>
            Try again
          </Button>
        </div>
      )}
    </Command>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading what can be chosen" className="flex flex-col gap-2 p-3">
      <Skeleton className="h-5 w-4/5" />
      <Skeleton className="h-5 w-3/5" />
      <Skeleton className="h-5 w-2/3" />
    </div>
  );
}
