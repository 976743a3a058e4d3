"use client";

import { ErrorState } from "@/components/error-state";

export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <div className="mx-auto flex min-h-[60dvh] w-full max-w-lg items-center p-6">
      <ErrorState
        title="This page stopped working"
        error={new Error(`Your data is unchanged. (${error.message || error.name})`)}
        onRetry={reset}
      />
    </div>
  );
}
