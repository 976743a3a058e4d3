"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";

import { useLoadSamples } from "@/hooks/use-csv-uploads";
import { ApiError, errorMessage } from "@/lib/api/error";
import { generatePath } from "@/lib/generate-path";

/** Loads the sample files and goes on to the schema made of them. */
export function useTrySamples() {
  const router = useRouter();
  const samples = useLoadSamples();
  const trySamples = () =>
    samples.mutate(undefined, {
      onSuccess: (files) => router.push(generatePath(files.map((file) => file.id))),
      onError: (error) => {
        const isFull = error instanceof ApiError && error.status === 409;
        toast.error(
          isFull ? "There is no room for the sample files" : "The sample files were not loaded",
          {
            description: errorMessage(error),
            ...(isFull
              ? { action: { label: "Remove files", onClick: () => router.push("/portal/upload") } }
              : {}),
          },
        );
      },
    });
  return { trySamples, isLoading: samples.isPending || samples.isSuccess };
}
