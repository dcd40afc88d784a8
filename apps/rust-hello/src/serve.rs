use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

use crate::app::{App, router};

/// What clients may cost the service.
#[derive(Clone, Copy)]
pub struct Bounds {
    /// For the head of a request. It begins with the end of the one before, so it is also how long a connection may idle.
    pub head_timeout: Duration,
    pub body_timeout: Duration,
    /// For a client that does not take its answer; on Linux only.
    pub write_timeout: Duration,
    pub head_bytes: usize,
    /// Served at once. Further ones wait in the kernel's backlog.
    pub connections: usize,
    /// For the requests in flight when the service stops.
    pub stop_timeout: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            // Longer than the 60 s of nginx's upstream connections: the proxy closes first and never sends into a
            // closed socket.
            head_timeout: Duration::from_secs(65),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            head_bytes: 16 * 1024,
            connections: 512,
            // Below the 5 s within which a container is expected to stop.
            stop_timeout: Duration::from_secs(4),
        }
    }
}

/// Serves until `stop` is there, then lets the requests in flight finish and closes every other connection.
///
/// # Errors
///
/// The number of connections that did not finish in time.
pub async fn serve(
    listener: TcpListener,
    variant: &str,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) -> Result<(), usize> {
    let (stopping, observed) = watch::channel(false);
    let app = router(App { variant: variant.into(), body_timeout: bounds.body_timeout, stopping: observed });
    let permits = Arc::new(Semaphore::new(bounds.connections));
    let graceful = GracefulShutdown::new();

    tokio::select! {
        () = accept(&listener, bounds, &app, &permits, &graceful) => {}
        () = stop => {}
    }
    stopping.send_replace(true);
    drop(listener);
    match timeout(bounds.stop_timeout, graceful.shutdown()).await {
        Ok(()) => Ok(()),
        Err(_) => Err(bounds.connections - permits.available_permits()),
    }
}

async fn accept(
    listener: &TcpListener,
    bounds: Bounds,
    app: &Router,
    permits: &Arc<Semaphore>,
    graceful: &GracefulShutdown,
) {
    loop {
        let permit = permits.clone().acquire_owned().await.expect("the semaphore is never closed");
        match listener.accept().await {
            Ok((stream, _)) => {
                let connection = serve_connection(stream, bounds, app.clone(), graceful.watcher());
                tokio::spawn(async move {
                    connection.await;
                    drop(permit);
                });
            }
            Err(error) => {
                // Too many open files, or a client that is gone already.
                warn!("Cannot accept a connection: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Has the kernel end the connection of a client that takes nothing for so long. hyper would wait for ever.
#[cfg(target_os = "linux")]
fn limit_writes(stream: &TcpStream, timeout: Duration) -> std::io::Result<()> {
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(timeout))
}

#[cfg(not(target_os = "linux"))]
fn limit_writes(_: &TcpStream, _: Duration) -> std::io::Result<()> {
    Ok(())
}

async fn serve_connection(stream: TcpStream, bounds: Bounds, app: Router, watcher: Watcher) {
    if let Err(error) = stream.set_nodelay(true).and_then(|()| limit_writes(&stream, bounds.write_timeout)) {
        debug!("The client is gone: {error}");
        return;
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head_timeout)
        .max_header_size(bounds.head_bytes)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    if let Err(error) = watcher.watch(connection).await {
        debug!("A connection ended early: {error}");
    }
}
