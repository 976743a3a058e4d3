"use client";

import { MoreHorizontalIcon, PencilIcon, PlusIcon, SearchIcon, Trash2Icon } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import {
  AlertDialog,
  AlertDialogAction,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import {
  useConversations,
  useRemoveConversation,
  useRenameConversation,
} from "@/hooks/use-conversations";
import { errorMessage } from "@/lib/api/error";
import { groupByDay, searchConversations } from "@/lib/chat/conversations";
import type { Conversation } from "@/lib/chat/types";
import { cn } from "@/lib/utils";

interface ConversationListProps {
  schemaId: string;
  current: string | null;
  /** null starts a new conversation. */
  onOpen: (id: string | null) => void;
}

export function ConversationList({ schemaId, current, onOpen }: ConversationListProps) {
  const conversations = useConversations(schemaId);
  const [search, setSearch] = useState("");
  const [removing, setRemoving] = useState<Conversation | null>(null);
  const remove = useRemoveConversation();
  const all = conversations.data ?? [];
  const groups = groupByDay(searchConversations(all, search), new Date());
  const confirm = () => {
    if (!removing) return;
    const { id } = removing;
    remove.mutate(id, { onError: (error) => toast.error(errorMessage(error)) });
    if (id === current) onOpen(null);
    setRemoving(null);
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-2 p-3">
        <Button variant="outline" className="justify-start" onClick={() => onOpen(null)}>
          <PlusIcon aria-hidden="true" />
          New conversation
        </Button>
        {all.length > 3 && (
          <div className="relative">
            <SearchIcon
              className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted-foreground"
              aria-hidden="true"
            />
            <Input
              type="search"
              value={search}
              onChange={(e) => setSearch(e.target.value)}
              placeholder="Search"
              aria-label="Search conversations"
              className="h-9 pl-8"
            />
          </div>
        )}
      </div>
      <nav aria-label="Conversations" className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {conversations.isPending && (
          <div className="flex flex-col gap-2 p-1">
            <Skeleton className="h-8" />
            <Skeleton className="h-8" />
            <Skeleton className="h-8" />
          </div>
        )}
        {conversations.isError && (
          <p role="alert" className="px-2 text-destructive">
            {errorMessage(conversations.error)}{" "}
            <Button
              variant="link"
              className="h-auto px-0"
              onClick={() => void conversations.refetch()}
            >
              Try again
            </Button>
          </p>
        )}
        {conversations.isSuccess && groups.length === 0 && (
          <p className="px-2 py-1 text-muted-foreground">
            {search ? "No conversation has these words." : "Your questions will be kept here."}
          </p>
        )}
        {groups.map((group) => (
          <section key={group.label} aria-label={group.label} className="mb-3">
            <h2 className="px-2 py-1 text-xs font-medium text-muted-foreground">{group.label}</h2>
            <ul>
              {group.items.map((c) => (
                <Item
                  key={c.id}
                  conversation={c}
                  active={c.id === current}
                  onOpen={onOpen}
                  onRemove={setRemoving}
                />
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <AlertDialog open={removing !== null} onOpenChange={(open) => !open && setRemoving(null)}>
        <AlertDialogContent>
          <AlertDialogHeader>
            <AlertDialogTitle>Remove this conversation?</AlertDialogTitle>
            <AlertDialogDescription>
              “{removing?.title}” and its answers are removed for good. Your data stays as it is.
            </AlertDialogDescription>
          </AlertDialogHeader>
          <AlertDialogFooter>
            <AlertDialogCancel>Keep it</AlertDialogCancel>
            <AlertDialogAction onClick={confirm}>Remove</AlertDialogAction>
          </AlertDialogFooter>
        </AlertDialogContent>
      </AlertDialog>
    </div>
  );
}

interface ItemProps {
  conversation: Conversation;
  active: boolean;
  onOpen: (id: string) => void;
  onRemove: (conversation: Conversation) => void;
}

function Item({ conversation, active, onOpen, onRemove }: ItemProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useRenameConversation();
  const title = rename.isPending ? rename.variables.title : conversation.title || "Untitled";
  const finish = (keep: boolean) => {
    const next = draft?.trim();
    setDraft(null);
    if (!keep || !next || next === conversation.title) return;
    rename.mutate(
      { id: conversation.id, title: next },
      { onError: (error) => toast.error(errorMessage(error)) },
    );
  };
  if (draft !== null)
    return (
      <li className="p-0.5">
        <Input
          autoFocus
          value={draft}
          maxLength={200}
          aria-label="New name of the conversation"
          className="h-8"
          onChange={(e) => setDraft(e.target.value)}
          onBlur={() => finish(true)}
          onKeyDown={(e) => {
            if (e.key === "Enter") finish(true);
            if (e.key === "Escape") {
              e.stopPropagation();
              finish(false);
            }
          }}
        />
      </li>
    );
  return (
    <li className={cn("group flex items-center rounded-md hover:bg-accent", active && "bg-accent")}>
      <button
        type="button"
        onClick={() => onOpen(conversation.id)}
        aria-current={active ? "page" : undefined}
        title={title}
        className={cn(
          "min-w-0 flex-1 truncate rounded-md px-2 py-1.5 text-left outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60",
          active && "font-medium",
        )}
      >
        {title}
      </button>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button
            variant="ghost"
            size="icon-xs"
            aria-label={`Change ${title}`}
            className="mr-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
          >
            <MoreHorizontalIcon />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" onCloseAutoFocus={(e) => e.preventDefault()}>
          <DropdownMenuItem onSelect={() => setDraft(conversation.title)}>
            <PencilIcon aria-hidden="true" />
            Rename
          </DropdownMenuItem>
          <DropdownMenuItem variant="destructive" onSelect={() => onRemove(conversation)}>
            <Trash2Icon aria-hidden="true" />
            Remove
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </li>
  );
}
