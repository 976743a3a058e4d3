import type { NextConfig } from "next";

const isDevelopment = process.env.NODE_ENV === "development";
const apiUrl = process.env.API_URL ?? "http://127.0.0.1:8000";

const nextConfig: NextConfig = {
  // `next dev` needs rewrites, which a static export does not allow.
  ...(isDevelopment
    ? {
        rewrites: async () =>
          ["/api", "/health", "/.well-known", "/docs"].flatMap((prefix) => [
            { source: prefix, destination: `${apiUrl}${prefix}` },
            { source: `${prefix}/:path*`, destination: `${apiUrl}${prefix}/:path*` },
          ]),
        // A proxied event stream must not be held back to be compressed.
        compress: false,
      }
    : { output: "export" as const }),
  trailingSlash: false,
  reactStrictMode: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  turbopack: {
    root: import.meta.dirname,
    // The AI SDK brings a client of a hosted service along, which the page never calls.
    resolveAlias: { "@ai-sdk/gateway": "./lib/stubs/ai-gateway.ts" },
  },
};

export default nextConfig;
