"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { queryKeys } from "@/hooks/query-keys";
import type { CsvUpload } from "@/lib/api/types";
import { uploadQueue, type UploadItem } from "@/lib/upload-queue";

const none: UploadItem[] = [];

/** Files on their way to the server. */
export function useUploadQueue() {
  const queryClient = useQueryClient();
  const items = useSyncExternalStore(uploadQueue.subscribe, uploadQueue.getSnapshot, () => none);

  useEffect(() => {
    uploadQueue.onStored = (upload) => {
      queryClient.setQueryData<CsvUpload[]>(queryKeys.csvUploads, (files) =>
        files ? [upload, ...files.filter(({ id }) => id !== upload.id)] : undefined,
      );
      void queryClient.invalidateQueries({ queryKey: queryKeys.csvUploads, exact: true });
    };
  }, [queryClient]);

  return { items, queue: uploadQueue };
}
