"use client";

import { InfoIcon, ShieldCheckIcon } from "lucide-react";
import { useSearchParams } from "next/navigation";

import { SignIn } from "@/components/auth/sign-in-button";
import { Alert, AlertDescription } from "@/components/ui/alert";
import { useAuthConfig } from "@/hooks/use-auth";
import { safeNext } from "@/lib/api/navigation";

const reasons: Record<string, string> = {
  expired: "Your session has ended. Sign in again to go on where you were.",
  removed: "Your account and everything in it has been removed.",
};

export function LoginPanel() {
  const search = useSearchParams();
  const config = useAuthConfig();
  const reason = reasons[search.get("reason") ?? ""];
  const isLocal = config.data?.mode === "local";
  return (
    <>
      <div className="grid gap-1.5">
        <h1 className="text-xl font-semibold">Sign in</h1>
        <p className="text-muted-foreground">
          {isLocal
            ? "This server is set up for one person on this computer. No account and no password."
            : "Your files and questions belong to your account. Nobody else sees them."}
        </p>
      </div>
      {reason && (
        <Alert variant="info">
          <InfoIcon />
          <AlertDescription>{reason}</AlertDescription>
        </Alert>
      )}
      <SignIn next={safeNext(search.get("next"))} className="w-full" />
      <p className="flex items-start gap-2 text-[0.8125rem] text-muted-foreground">
        <ShieldCheckIcon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
        {isLocal
          ? "Files and databases are kept on this computer."
          : "We receive your name and e-mail address, nothing else, and never your password."}
      </p>
    </>
  );
}
