//! Serves the router over hyper, which closes slow-header clients and can end open streams; `axum::serve` does neither.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::config::Limits;
use crate::shutdown::Shutdown;

/// A request's headers may take this much; more is answered with 431.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// Accepts connections until `shutdown`, then lets open ones and work begun end within `limits.shutdown_timeout_ms`.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    shutdown: Shutdown,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => serve_connection(stream, address, &app, limits, &graceful),
                // Out of file descriptors, most likely: wait for some to be given back instead of spinning.
                Err(error) => {
                    tracing::warn!(%error, "accepting a connection failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            () = shutdown.begun() => break,
        }
    }
    drop(listener);
    tracing::info!("stopping: open requests may end");
    let deadline = Duration::from_millis(limits.shutdown_timeout_ms);
    let ended = async {
        graceful.shutdown().await;
        // Also what clients that have left had begun: a change must not be without its record.
        shutdown.finished().await;
    };
    if tokio::time::timeout(deadline, ended).await.is_err() {
        tracing::warn!("some connections or work were still open at the deadline and are closed");
    }
    Ok(())
}

fn serve_connection(
    stream: TcpStream,
    address: SocketAddr,
    app: &Router,
    limits: Limits,
    graceful: &GracefulShutdown,
) {
    // Events of a stream are small and should leave at once.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    // Whoever takes nothing of a response keeps its connection, and what it is made of, no longer than that.
    stream.set_write_timeout(Some(Duration::from_millis(limits.body_idle_timeout_ms)));
    let app = app.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let app = app.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(address));
            let Ok(response) = app.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.header_timeout_ms))
        .max_buf_size(MAX_HEADER_BYTES)
        .half_close(false)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection ended");
        }
    });
}
