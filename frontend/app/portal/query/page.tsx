import type { Metadata } from "next";
import { Suspense } from "react";

import { QueryPage } from "@/components/chat/query-page";

export const metadata: Metadata = { title: "Ask" };

export default function Page() {
  return (
    <Suspense>
      <QueryPage />
    </Suspense>
  );
}
