import { safeNext } from "@/lib/api/navigation";

const nextKey = "sign-in.next";

/** Where the provider sends the browser back to. */
export function callbackUri(): string {
  return `${window.location.origin}/auth/callback`;
}

/** Keeps the page to open after sign-in while the browser is away at the provider. */
export function rememberNext(next: string): void {
  try {
    window.sessionStorage.setItem(nextKey, next);
  } catch {
    // Without storage the sign-in ends on the portal.
  }
}

export function takeNext(): string {
  try {
    const next = window.sessionStorage.getItem(nextKey);
    window.sessionStorage.removeItem(nextKey);
    return safeNext(next);
  } catch {
    return safeNext(null);
  }
}

export interface CallbackParameters {
  code: string | null;
  state: string | null;
  error: string | null;
  iss: string | null;
}

export function readCallback(search: string): CallbackParameters {
  const query = new URLSearchParams(search);
  return {
    code: query.get("code"),
    state: query.get("state"),
    error: query.get("error"),
    iss: query.get("iss"),
  };
}

export interface CallbackProblem {
  title: string;
  detail: string;
}

/** Words for what the provider sent back instead of a code (RFC 6749, 4.1.2.1). */
export function providerProblem(error: string, provider: string): CallbackProblem {
  switch (error) {
    case "access_denied":
    case "consent_required":
      return {
        title: "You did not allow the sign-in",
        detail: `${provider} told us that you said no. Nothing was shared. You can try again whenever you like.`,
      };
    case "login_required":
    case "interaction_required":
    case "account_selection_required":
      return {
        title: "The sign-in was not finished",
        detail: `${provider} needs you to sign in there first. Try again and follow its steps.`,
      };
    case "temporarily_unavailable":
    case "server_error":
      return {
        title: `${provider} has a problem right now`,
        detail: "It could not finish the sign-in. Wait a moment, then try again.",
      };
    default:
      return {
        title: "The sign-in did not work",
        detail: `${provider} refused it (${error.slice(0, 60)}). Try again; if it stays, tell whoever runs this server.`,
      };
  }
}

/** Words for what our server said about the code. */
export function serverProblem(status: number, detail: string, provider: string): CallbackProblem {
  if (status === 400 || status === 401) {
    return {
      title: "This sign-in is no longer valid",
      detail:
        "It was used already, took too long, or was begun in another browser. Start again from here.",
    };
  }
  if (status === 403) return { title: "This account may not sign in here", detail };
  if (status === 502 || status === 503 || status === 504) {
    return {
      title: `${provider} does not answer`,
      detail: "The sign-in could not be checked. Wait a moment, then try again.",
    };
  }
  return { title: "The sign-in did not work", detail };
}
