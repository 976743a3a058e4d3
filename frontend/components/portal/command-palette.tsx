"use client";

import {
  DatabaseIcon,
  HomeIcon,
  LogOutIcon,
  MessageSquareTextIcon,
  MonitorIcon,
  MoonIcon,
  SettingsIcon,
  SparklesIcon,
  SunIcon,
  TableIcon,
  UploadIcon,
} from "lucide-react";
import { useRouter } from "next/navigation";

import { useTheme } from "@/components/theme-provider";
import {
  CommandDialog,
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
} from "@/components/ui/command";
import { useSignOut } from "@/hooks/use-auth";
import { useConversations } from "@/hooks/use-conversations";
import { useSchemas } from "@/hooks/use-schemas";
import { useTrySamples } from "@/hooks/use-try-samples";
import { leaveTo } from "@/lib/api/navigation";
import { formatRelative } from "@/lib/format";

interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function CommandPalette({ open, onOpenChange }: CommandPaletteProps) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const signOut = useSignOut();
  const { trySamples } = useTrySamples();
  const schemas = useSchemas().data ?? [];
  const conversations = useConversations().data ?? [];

  const run = (action: () => void) => () => {
    onOpenChange(false);
    action();
  };
  const go = (path: string) => run(() => router.push(path));

  return (
    <CommandDialog open={open} onOpenChange={onOpenChange}>
      <CommandInput placeholder="Go to a dataset, ask, upload…" />
      <CommandList>
        <CommandEmpty>Nothing of that name.</CommandEmpty>
        {schemas.length > 0 && (
          <CommandGroup heading="Datasets">
            {schemas.map((schema) =>
              schema.status === "executed" ? (
                <CommandItem
                  key={schema.id}
                  value={`ask ${schema.name} ${schema.id}`}
                  onSelect={go(`/portal/query?schema=${schema.id}`)}
                >
                  <DatabaseIcon /> Ask {schema.name}
                </CommandItem>
              ) : (
                <CommandItem
                  key={schema.id}
                  value={`review ${schema.name} ${schema.id}`}
                  onSelect={go(`/portal/schema/review?id=${schema.id}`)}
                >
                  <TableIcon /> Review {schema.name}
                </CommandItem>
              ),
            )}
          </CommandGroup>
        )}
        <CommandGroup heading="Go to">
          <CommandItem onSelect={go("/portal")}>
            <HomeIcon /> Portal
          </CommandItem>
          <CommandItem onSelect={go("/portal/upload")}>
            <UploadIcon /> Upload files
          </CommandItem>
          <CommandItem onSelect={go("/portal/schema/generate")}>
            <SparklesIcon /> Generate a schema
          </CommandItem>
          <CommandItem onSelect={go("/portal/settings")}>
            <SettingsIcon /> Settings
          </CommandItem>
          <CommandItem onSelect={run(trySamples)}>
            <TableIcon /> Try the sample data
          </CommandItem>
        </CommandGroup>
        {conversations.length > 0 && (
          <CommandGroup heading="Recent questions">
            {conversations.slice(0, 8).map((conversation) => (
              <CommandItem
                key={conversation.id}
                value={`question ${conversation.title} ${conversation.id}`}
                onSelect={go(`/portal/query?schema=${conversation.schema_id}&c=${conversation.id}`)}
              >
                <MessageSquareTextIcon />
                <span className="truncate">{conversation.title}</span>
                <span className="ml-auto shrink-0 text-xs text-muted-foreground">
                  {formatRelative(conversation.updated_at)}
                </span>
              </CommandItem>
            ))}
          </CommandGroup>
        )}
        <CommandGroup heading="Theme">
          <CommandItem onSelect={run(() => setTheme("light"))}>
            <SunIcon /> Light theme
          </CommandItem>
          <CommandItem onSelect={run(() => setTheme("dark"))}>
            <MoonIcon /> Dark theme
          </CommandItem>
          <CommandItem onSelect={run(() => setTheme("system"))}>
            <MonitorIcon /> Theme of the system
          </CommandItem>
        </CommandGroup>
        <CommandGroup heading="Account">
          <CommandItem
            onSelect={run(() => signOut.mutate(undefined, { onSuccess: () => leaveTo("/") }))}
          >
            <LogOutIcon /> Sign out
          </CommandItem>
        </CommandGroup>
      </CommandList>
    </CommandDialog>
  );
}
