//! Sockets: HTTP/1.1 over TCP, with TLS where it is set, ended with grace.

use axum::Router;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How long a client may take to send its request's head, and to shake hands.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long requests under way may take when the process is asked to end.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until the process is asked to end; then lets what is under way finish.
pub(crate) async fn serve(listener: TcpListener, router: Router, tls: Option<TlsAcceptor>) -> anyhow::Result<()> {
    let graceful = GracefulShutdown::new();
    let mut end = std::pin::pin!(asked_to_end());
    loop {
        let socket = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        let Ok((socket, _)) = socket else {
            // Out of file handles, or a client that was gone already: others still come.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let _ = socket.set_nodelay(true);
        tokio::spawn(connection(socket, router.clone(), tls.clone(), graceful.watcher()));
    }
    drop(listener);
    tracing::info!("ending: requests under way are finished");
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    Ok(())
}

async fn connection(
    socket: TcpStream,
    router: Router,
    tls: Option<TlsAcceptor>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = TowerToHyperService::new(router);
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    // A client that goes away in the middle is no matter of ours.
    match tls {
        None => {
            let served = builder.serve_connection(TokioIo::new(socket), service);
            let _ = watcher.watch(served).await;
        }
        Some(tls) => {
            let Ok(Ok(socket)) = tokio::time::timeout(PATIENCE, tls.accept(socket)).await else { return };
            let served = builder.serve_connection(TokioIo::new(socket), service);
            let _ = watcher.watch(served).await;
        }
    }
}

/// Until the process is asked to end.
pub(crate) async fn asked_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupted.await;
        return;
    };
    tokio::select! {
        _ = interrupted => {}
        _ = terminated.recv() => {}
    }
}
