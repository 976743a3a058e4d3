import type { Metadata } from "next";

import { AuthCard } from "@/components/auth/auth-card";
import { CallbackPanel } from "@/components/auth/callback-panel";

export const metadata: Metadata = { title: "Signing in", robots: { index: false } };

export default function CallbackPage() {
  return (
    <AuthCard>
      <CallbackPanel />
    </AuthCard>
  );
}
