/** One field that the server did not accept, and why. */
export interface FieldError {
  field: string;
  message: string;
}

interface ProblemBody {
  status?: number;
  title?: string;
  detail?: string;
  code?: string;
  errors?: FieldError[];
}

/** What the server (or the way to it) refused, in words that can be shown. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status; 0 when no answer came at all. */
    readonly status: number,
    /** Stable, machine-readable reason, such as `csv_limit_reached`. */
    readonly code: string,
    readonly detail: string,
    readonly fields: FieldError[] = [],
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
  }
}

const fallbackDetail: Record<number, string> = {
  0: "The server could not be reached. Check that it is running, then try again.",
  401: "Your session has ended. Sign in again to go on.",
  403: "This is not allowed.",
  404: "This does not exist, or it is not yours.",
  413: "This is larger than the server accepts.",
  429: "Too many requests at once. Wait a moment, then try again.",
  502: "The server could not be reached. Check that it is running, then try again.",
  503: "The server is busy. Try again in a moment.",
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readProblem(body: unknown): ProblemBody {
  if (!isRecord(body)) return {};
  const text = (key: string) => (typeof body[key] === "string" ? (body[key] as string) : undefined);
  const errors = Array.isArray(body.errors)
    ? body.errors.filter(
        (entry): entry is FieldError =>
          isRecord(entry) && typeof entry.field === "string" && typeof entry.message === "string",
      )
    : [];
  return { title: text("title"), detail: text("detail"), code: text("code"), errors };
}

/** A sentence as it is written: a capital letter first, a full stop last. */
function toSentence(text: string): string {
  const trimmed = text.trim();
  const first = Array.from(trimmed)[0] ?? "";
  const sentence = first.toUpperCase() + trimmed.slice(first.length);
  return /[.!?…:)]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** Reads a problem+json body (RFC 9457); any other body gives plain words for the status. */
export function toApiError(status: number, body: unknown, retryAfter?: string | null): ApiError {
  const problem = readProblem(body);
  const detail =
    problem.detail ??
    problem.title ??
    fallbackDetail[status] ??
    (status >= 500
      ? "Something went wrong on the server. Your data is unchanged. Try again."
      : "The server did not accept this.");
  const seconds = retryAfter ? Number.parseInt(retryAfter, 10) : Number.NaN;
  return new ApiError(
    status,
    problem.code ?? (status === 0 ? "unreachable" : `http_${status}`),
    toSentence(detail),
    problem.errors,
    Number.isFinite(seconds) ? seconds : undefined,
  );
}

/** Words for anything that was thrown. */
export function errorMessage(error: unknown): string {
  if (error instanceof ApiError) return error.detail;
  if (error instanceof TypeError) return fallbackDetail[0] as string;
  if (error instanceof Error && error.message) return error.message;
  return "Something went wrong. Try again.";
}
