//! The operators' listener: health, readiness and figures, apart from the door for everybody.

use crate::doctor;
use anyhow::Context;
use axum::Router;
use portal::{Portal, operators};
use serde::Deserialize;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tokio::net::TcpListener;

/// The port where nothing else is said, of this machine alone.
const PORT: u16 = 9464;

/// Where operators look.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Operators {
    listen: SocketAddr,
}

impl Default for Operators {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)) }
    }
}

impl Operators {
    /// A listener on this machine, on a port that is free.
    pub(crate) fn anywhere() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)) }
    }

    /// Opens the listener, and says where it is.
    pub(crate) async fn open(&self, portal: Portal, data: &Path) -> anyhow::Result<(TcpListener, Router)> {
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {}, for operators (`[operators] listen`)", self.listen))?;
        let start = Instant::now();
        let data = data.to_owned();
        let free_bytes = Arc::new(move || doctor::free_kb(&data).ok().map(|kb| kb * 1024));
        let router = operators::router(portal, Arc::new(move || start.elapsed()), free_bytes);
        say!("For operators: http://{}/node, /metrics, /health/ready, /health/live", listener.local_addr()?);
        Ok((listener, router))
    }
}
