//! `rust-hello` serves until SIGTERM or SIGINT. `rust-hello health` exits 0 when the service on `PORT` answers within
//! 2 s, else 1: the probe of an image without a shell.

use std::env;
use std::future::Future;
use std::process::{self, ExitCode};

use rust_hello::{Bounds, Config, check_health, log, read_config, serve};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::level_filters::LevelFilter;
use tracing::{error, info};

fn main() -> ExitCode {
    let config = read_config(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()));
    let args: Vec<_> = env::args().skip(1).collect();
    match (args.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), config) {
        ([], Ok(config)) => {
            log::init(config.level);
            run(&config)
        }
        ([], Err(problem)) => {
            log::init(LevelFilter::INFO);
            error!("{problem}");
            ExitCode::from(2)
        }
        (["health"], config) => match config.and_then(|config| check_health(&config.addresses)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(problem) => {
                eprintln!("{problem}");
                ExitCode::FAILURE
            }
        },
        _ => {
            eprintln!("Usage: rust-hello [health]");
            ExitCode::from(2)
        }
    }
}

// One thread is plenty for what only waits for the network; for more load, run more containers.
#[tokio::main(flavor = "current_thread")]
async fn run(config: &Config) -> ExitCode {
    let stop = until_signal();
    let listener = match TcpListener::bind(config.addresses.as_slice()).await {
        Ok(listener) => listener,
        Err(problem) => {
            error!("Cannot listen: {problem}. Set PORT and HOST to an address that is free here");
            return ExitCode::FAILURE;
        }
    };
    let port = listener.local_addr().map_or(0, |address| address.port());
    info!(port, variant = config.variant, version = env!("CARGO_PKG_VERSION"), "listening");

    match serve(listener, &config.variant, Bounds::default(), stop).await {
        Ok(()) => {
            info!("stopped");
            ExitCode::SUCCESS
        }
        Err(cut_off) => {
            error!(cutOff = cut_off, "stopped before every request was answered");
            ExitCode::FAILURE
        }
    }
}

/// Catches SIGTERM and SIGINT from now on. The future ends with the first; a second one ends the process at once.
fn until_signal() -> impl Future<Output = ()> {
    let catch = |kind| signal(kind).expect("the kernel lets these two be caught");
    let mut signals = [catch(SignalKind::terminate()), catch(SignalKind::interrupt())];
    async move {
        either(&mut signals).await;
        info!("stopping");
        tokio::spawn(async move {
            either(&mut signals).await;
            process::exit(1);
        });
    }
}

async fn either([terminate, interrupt]: &mut [Signal; 2]) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
