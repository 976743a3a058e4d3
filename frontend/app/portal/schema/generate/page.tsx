import type { Metadata } from "next";
import { Suspense } from "react";

import { GeneratePage } from "@/components/schema/generate-page";

export const metadata: Metadata = { title: "Generate a schema" };

export default function Page() {
  return (
    <Suspense>
      <GeneratePage />
    </Suspense>
  );
}
