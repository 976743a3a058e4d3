import { ApiError, toApiError } from "@/lib/api/error";
import { parseJson } from "@/lib/api/fetch";
import { goToLogin } from "@/lib/api/navigation";
import { refreshSession } from "@/lib/api/refresh";
import type { CsvUpload } from "@/lib/api/types";

export interface UploadProgress {
  sentBytes: number;
  totalBytes: number;
}

/**
 * Sends one file and reports how much of it has left this computer (`fetch` cannot say).
 * Rejects with an {@link ApiError}, or with an `AbortError` when `signal` fires.
 */
export async function uploadFile(
  file: File,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<CsvUpload> {
  try {
    return await sendFile(file, onProgress, signal);
  } catch (error) {
    const isExpired = error instanceof ApiError && error.status === 401;
    if (!isExpired) throw error;
    if (await refreshSession()) return sendFile(file, onProgress, signal);
    goToLogin("expired");
    throw error;
  }
}

function sendFile(
  file: File,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<CsvUpload> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new DOMException("The upload was cancelled.", "AbortError"));
      return;
    }
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("POST", "/api/csv/upload");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      onProgress({ sentBytes: Math.min(event.loaded, file.size), totalBytes: file.size });
    });
    request.addEventListener("load", () => {
      const body = parseJson(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as CsvUpload);
      else reject(toApiError(request.status, body, request.getResponseHeader("retry-after")));
    });
    request.addEventListener("error", () => reject(toApiError(0, null)));
    request.addEventListener("abort", () =>
      reject(new DOMException("The upload was cancelled.", "AbortError")),
    );
    request.addEventListener("loadend", () => signal.removeEventListener("abort", abort));
    signal.addEventListener("abort", abort);
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}
