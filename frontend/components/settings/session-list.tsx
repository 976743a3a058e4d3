"use client";

import { LaptopIcon, LogOutIcon, TerminalIcon } from "lucide-react";
import { toast } from "sonner";

import { ErrorState } from "@/components/error-state";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useEndAllSessions, useEndSession, useSessions } from "@/hooks/use-sessions";
import { errorMessage } from "@/lib/api/error";
import { leaveTo } from "@/lib/api/navigation";
import type { Session } from "@/lib/api/types";
import { formatDateTime, formatRelative } from "@/lib/format";
import { describeUserAgent } from "@/lib/user-agent";

export function SessionList() {
  const sessions = useSessions();
  if (sessions.isPending) return <Skeleton className="h-32 rounded-xl" />;
  if (sessions.isError) {
    return (
      <ErrorState
        title="Your sessions could not be read"
        error={sessions.error}
        onRetry={() => void sessions.refetch()}
      />
    );
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <ul className="divide-y overflow-hidden rounded-xl border bg-card shadow-card">
        {sessions.data.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      <SignOutEverywhere />
    </div>
  );
}

function SessionRow({ session }: { session: Session }) {
  const end = useEndSession();
  const name = describeUserAgent(session.user_agent);
  const isTool = /^(curl|Postman)/.test(name);
  const onEnd = () =>
    end.mutate(session.id, {
      onSuccess: () => toast.success("The session was ended"),
      onError: (error) =>
        toast.error("The session was not ended", { description: errorMessage(error) }),
    });
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <span aria-hidden="true" className="text-muted-foreground [&_svg]:size-5">
        {isTool ? <TerminalIcon /> : <LaptopIcon />}
      </span>
      <div className="grid min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          <span title={session.user_agent ?? undefined}>{name}</span>
          {session.current && <Badge variant="success">This browser</Badge>}
        </span>
        <span className="text-[0.8125rem] text-muted-foreground">
          {session.address && <>{session.address} · </>}
          <span title={formatDateTime(session.last_used_at)}>
            used {formatRelative(session.last_used_at)}
          </span>
          , begun {formatDateTime(session.created_at)}, {describeEnd(session)}
        </span>
      </div>
      {!session.current && (
        <Button
          variant="outline"
          size="sm"
          aria-label={`End the session of ${name}`}
          disabled={end.isPending}
          onClick={onEnd}
        >
          End
        </Button>
      )}
    </li>
  );
}

/** Unused it ends earlier than its last day. */
function describeEnd({ expires_at, idle_expires_at }: Session): string {
  return new Date(idle_expires_at) < new Date(expires_at)
    ? `ends ${formatRelative(idle_expires_at)} unless used`
    : `ends ${formatRelative(expires_at)}`;
}

function SignOutEverywhere() {
  const endAll = useEndAllSessions();
  const onClick = () =>
    endAll.mutate(undefined, {
      onSuccess: () => leaveTo("/"),
      onError: (error) =>
        toast.error("The sessions were not ended", { description: errorMessage(error) }),
    });
  return (
    <div>
      <Button variant="outline" disabled={endAll.isPending} onClick={onClick}>
        <LogOutIcon /> Sign out everywhere
      </Button>
    </div>
  );
}
