"use client";

import { usePathname, useRouter } from "next/navigation";
import { useEffect, type ReactNode } from "react";

import { ErrorState } from "@/components/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useAuthStatus } from "@/hooks/use-auth";
import { ApiError } from "@/lib/api/error";
import { loginPath } from "@/lib/api/navigation";

/** Shows its children to a signed-in user, and leads everybody else to the sign-in page and back. */
export function AuthGate({ children }: { children: ReactNode }) {
  const router = useRouter();
  const pathname = usePathname();
  const status = useAuthStatus();
  const isSignedOut = status.data?.is_authenticated === false;

  useEffect(() => {
    if (isSignedOut) router.replace(loginPath(pathname + window.location.search));
  }, [isSignedOut, pathname, router]);

  if (status.data?.is_authenticated) return children;
  if (status.isError) {
    return (
      <main className="mx-auto flex min-h-dvh max-w-lg items-center p-6">
        <ErrorState
          title={
            isUnreachable(status.error)
              ? "The server does not answer"
              : "Your session cannot be checked at the moment"
          }
          error={status.error}
          onRetry={() => void status.refetch()}
        />
      </main>
    );
  }
  return <ShellSkeleton />;
}

function isUnreachable(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0;
}

function ShellSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="min-h-dvh">
      <div className="flex h-14 items-center justify-between border-b px-4 sm:px-6">
        <Skeleton className="h-7 w-40" />
        <Skeleton className="h-7 w-80 max-md:hidden" />
        <Skeleton className="size-8 rounded-full" />
      </div>
      <div className="mx-auto grid max-w-6xl gap-4 p-6 sm:grid-cols-2 lg:grid-cols-3">
        <Skeleton className="col-span-full h-8 w-56" />
        <Skeleton className="h-44" />
        <Skeleton className="h-44" />
        <Skeleton className="h-44 max-lg:hidden" />
      </div>
    </div>
  );
}
