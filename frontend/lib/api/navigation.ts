const authPrefix = "/auth/";

/** A path of this site to go to after sign-in, the portal unless told; what could lead elsewhere becomes `/`. */
export function safeNext(next: string | null | undefined): string {
  const fallback = "/";
  if (!next) return "/portal";
  if (!next.startsWith("/") || /^\/[/\\]/.test(next)) return fallback;
  if (/[\u0000-\u001f\\]/.test(next)) return fallback;
  const base = "http://base.invalid";
  let url: URL;
  try {
    url = new URL(next, base);
  } catch {
    return fallback;
  }
  if (url.origin !== base || url.pathname.startsWith(authPrefix)) return fallback;
  return url.pathname + url.search + url.hash;
}

/** The sign-in page, which comes back to `from` afterwards. */
export function loginPath(from: string, reason?: string): string {
  const query = new URLSearchParams();
  const next = safeNext(from);
  if (next !== "/portal") query.set("next", next);
  if (reason) query.set("reason", reason);
  const text = query.toString();
  return text ? `/auth/login?${text}` : "/auth/login";
}

/** Leaves for the sign-in page; the page in hand is kept in `next`. */
export function goToLogin(reason?: string): void {
  const { pathname, search, hash } = window.location;
  if (pathname.startsWith(authPrefix)) return;
  window.location.assign(loginPath(pathname + search + hash, reason));
}

/** Loads `path` anew, so that nothing of the last user stays in memory. */
export function leaveTo(path: string): void {
  window.location.replace(path);
}
