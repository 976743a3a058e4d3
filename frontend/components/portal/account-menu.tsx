"use client";

import { LogOutIcon, SettingsIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { useAuthStatus, useSignOut } from "@/hooks/use-auth";
import { errorMessage } from "@/lib/api/error";
import { leaveTo } from "@/lib/api/navigation";
import type { User } from "@/lib/api/types";

export function initials(user: User | null | undefined): string {
  const name = user?.name ?? user?.email ?? "";
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 && !name.includes("@") ? words.at(-1) : undefined]
    .map((word) => (word ? (Array.from(word)[0] ?? "") : ""))
    .join("");
  return letters.toUpperCase() || "•";
}

export function AccountMenu() {
  const router = useRouter();
  const { data } = useAuthStatus();
  const signOut = useSignOut();
  const user = data?.user;
  const name = user?.name ?? user?.email ?? "Your account";

  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => leaveTo("/"),
      onError: (error) => toast.error(errorMessage(error)),
    });

  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="secondary"
          size="icon-sm"
          className="rounded-full text-xs font-semibold"
          aria-label={`Account menu, ${name}`}
        >
          {initials(user)}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-56">
        <DropdownMenuLabel className="grid gap-0.5">
          <span className="truncate text-sm text-foreground">{name}</span>
          {user?.email && user.email !== name && (
            <span className="truncate font-normal">{user.email}</span>
          )}
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => router.push("/portal/settings")}>
          <SettingsIcon /> Settings
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={leave} disabled={signOut.isPending}>
          <LogOutIcon /> Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
