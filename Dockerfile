# The page, exported to static files.
FROM node:22-bookworm-slim AS page
WORKDIR /build/frontend
ENV NEXT_TELEMETRY_DISABLED=1
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY frontend/ ./
RUN npm run build

# One binary with the page, the sample data and the migrations inside.
FROM rust:1.95-bookworm AS binary
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY crates/ crates/
COPY migrations/ migrations/
COPY data/samples/ data/samples/
COPY --from=page /build/frontend/out/ frontend/out/
RUN cargo build --release --locked --bin data-query-agent

FROM debian:bookworm-slim
# Root certificates, for identity providers and model servers that are reached by https.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home app \
    && install -d -o app -g app -m 0700 /app /app/data /app/keys
COPY --from=binary /build/target/release/data-query-agent /usr/local/bin/
USER app
WORKDIR /app
ENV HOST=0.0.0.0
VOLUME ["/app/data", "/app/keys"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000; printf 'GET /health HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n' >&3; grep -q '200 OK' <&3"]
CMD ["data-query-agent", "serve"]
