// A certified OpenID provider on this machine, with its own pages for signing in and consenting.
import Provider from "oidc-provider";

const clientId = "data-query-agent";
const clientSecret = "a-secret-of-the-tests-of-at-least-thirty-two-characters";

/** Starts it on `port` (0: a free one) for a page at `pageUrl()`. */
export async function startProvider(port, pageUrl) {
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${pageUrl}/auth/callback`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    // Google puts the claims into the ID token as well.
    conformIdTokenClaims: false,
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: `${id}@example.org`,
        email_verified: true,
        name: `${id} Doe`,
      }),
    }),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["one key for the tests"] },
    ttl: { Session: 600, Grant: 600, Interaction: 600, IdToken: 600, AccessToken: 600 },
  });
  let server;
  const listen = () =>
    new Promise((resolve, reject) => {
      server = provider.listen(port, "127.0.0.1", resolve);
      server.once("error", reject);
    });
  const stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen();
  return {
    url: `http://127.0.0.1:${port}`,
    env: {
      OIDC_ISSUER_URL: `http://127.0.0.1:${port}`,
      OIDC_PROVIDER_NAME: "Test Provider",
      GOOGLE_OAUTH_CLIENT_ID: clientId,
      GOOGLE_OAUTH_CLIENT_SECRET: clientSecret,
    },
    listen,
    stop,
  };
}
