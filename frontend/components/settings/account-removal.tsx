"use client";

import { useState, type FormEvent } from "react";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
  DialogTrigger,
} from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { useRemoveAccount } from "@/hooks/use-sessions";
import { errorMessage } from "@/lib/api/error";
import { leaveTo } from "@/lib/api/navigation";

const confirmation = "remove everything";

export function AccountRemoval() {
  const [typed, setTyped] = useState("");
  const remove = useRemoveAccount();
  const isConfirmed = typed.trim().toLowerCase() === confirmation;

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isConfirmed) return;
    remove.mutate(undefined, {
      onSuccess: () => leaveTo("/auth/login?reason=removed"),
      onError: (error) =>
        toast.error("The account was not removed", { description: errorMessage(error) }),
    });
  };

  return (
    <div className="flex flex-wrap items-center justify-between gap-4 rounded-xl border border-destructive/25 bg-card p-4 shadow-card">
      <p className="max-w-xl min-w-0 text-muted-foreground">
        Removes your files, databases, questions, sessions and the account itself, at once and for
        good. There is no way back.
      </p>
      <Dialog onOpenChange={() => setTyped("")}>
        <DialogTrigger asChild>
          <Button variant="destructive">Remove account</Button>
        </DialogTrigger>
        <DialogContent>
          <form onSubmit={onSubmit} className="grid gap-4">
            <DialogHeader>
              <DialogTitle>Remove the account and everything in it?</DialogTitle>
              <DialogDescription>
                Download the databases you want to keep first. Nothing can be restored afterwards.
              </DialogDescription>
            </DialogHeader>
            <div className="grid gap-2">
              <Label htmlFor="confirm-removal">
                Type <span className="font-mono font-normal">{confirmation}</span> to confirm
              </Label>
              <Input
                id="confirm-removal"
                value={typed}
                autoComplete="off"
                onChange={(event) => setTyped(event.target.value)}
              />
            </div>
            <DialogFooter>
              <DialogClose asChild>
                <Button variant="outline">Keep the account</Button>
              </DialogClose>
              <Button
                type="submit"
                variant="destructive"
                disabled={!isConfirmed || remove.isPending}
              >
                {remove.isPending ? "Removing…" : "Remove everything"}
              </Button>
            </DialogFooter>
          </form>
        </DialogContent>
      </Dialog>
    </div>
  );
}
