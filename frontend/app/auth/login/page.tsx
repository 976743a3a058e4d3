import type { Metadata } from "next";
import { Suspense } from "react";

import { AuthCard } from "@/components/auth/auth-card";
import { LoginPanel } from "@/components/auth/login-panel";
import { Skeleton } from "@/components/ui/skeleton";

export const metadata: Metadata = { title: "Sign in" };

export default function LoginPage() {
  return (
    <AuthCard>
      <Suspense fallback={<Skeleton className="h-40 w-full" />}>
        <LoginPanel />
      </Suspense>
    </AuthCard>
  );
}
