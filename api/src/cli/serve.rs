//! `serve`, `worker` and `openapi`.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::say;
use crate::access::{Gate, listen};
use crate::config::Config;
use crate::{app, db, jobs, meta};

pub(super) fn print_document() -> Result<(), String> {
    say(&serde_json::to_string_pretty(&app::document()).map_err(|e| e.to_string())?);
    Ok(())
}

/// Starts everything but HTTP.
fn gate(config: &Config) -> Result<Gate, String> {
    crate::http::logging::init();
    meta::install_recorder();
    if db::migrate::can_rewrite_history(config.database_url.expose()) {
        tracing::warn!(
            "this database role could change what should never change (the ledger, the events, the audit trail): \
             let another role own the database and migrate, as MIGRATE_DATABASE_URL"
        );
    }
    let gate = Gate::start(config)?;
    listen(gate.clone())?;
    Ok(gate)
}

/// SIGTERM and SIGINT set the flag.
fn stop_flag() -> Result<Arc<AtomicBool>, String> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        signal_hook::flag::register(signal, stop.clone()).map_err(|e| format!("cannot handle signals: {e}"))?;
    }
    Ok(stop)
}

pub(super) fn worker(config: Config) -> Result<(), String> {
    let gate = gate(&config)?;
    let stop = stop_flag()?;
    tracing::info!("worker started");
    app::follow(&gate, &stop)?;
    jobs::start(gate, app::jobs(), app::chores(), stop)?.join().map_err(|_| "the worker panicked".to_owned())
}

pub(super) fn serve(config: Config) -> Result<(), String> {
    let gate = gate(&config)?;
    let stop = stop_flag()?;
    let address = format!("{}:{}", config.api_host, config.api_port);
    let listener = TcpListener::bind(&address).map_err(|e| format!("cannot listen on {address}: {e}"))?;
    if config.worker != "off" {
        app::follow(&gate, &stop)?;
    }
    let worker = if config.worker == "off" {
        None
    } else {
        Some(jobs::start(gate.clone(), app::jobs(), app::chores(), stop.clone())?)
    };
    let served = actix_web::rt::System::new().block_on(async move {
        let server = app::serve(gate, &config, listener).map_err(|e| e.to_string())?;
        let handle = server.handle();
        let watched = stop.clone();
        actix_web::rt::spawn(async move {
            while !watched.load(Ordering::Acquire) {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            tracing::info!("draining");
            // Requests under way are finished, new connections are not taken.
            handle.stop(true).await;
        });
        tracing::info!(address, "serving");
        let result = server.await.map_err(|e| e.to_string());
        stop.store(true, Ordering::Release);
        result
    });
    if let Some(worker) = worker {
        // A job under way keeps its lease and is taken up again; waiting for a long one would block the restart.
        drop(worker);
    }
    served
}
