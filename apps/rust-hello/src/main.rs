//! Greets and echoes over HTTP, on `PORT` or 8080, until SIGTERM or SIGINT.
//! `rust-hello health` exits 0 if the server on this host is up: a HEALTHCHECK that needs no shell.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultMakeSpan, DefaultOnResponse, TraceLayer};
use tracing::{Level, info, warn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = std::env::var("PORT").as_deref().unwrap_or("8080").parse()?;
    if std::env::args().nth(1).as_deref() == Some("health") {
        return check_health(port);
    }
    tracing_subscriber::fmt()
        .json()
        .with_span_list(false)
        .init();

    // Every address, IPv6 and IPv4; IPv4 alone where the host has no IPv6.
    let addresses: [SocketAddr; 2] = [
        (Ipv6Addr::UNSPECIFIED, port).into(),
        (Ipv4Addr::UNSPECIFIED, port).into(),
    ];
    let listener = TcpListener::bind(&addresses[..]).await?;
    info!(port, "listening");

    let deadline = async {
        stop_signal().await;
        sleep(Duration::from_secs(4)).await;
    };
    tokio::select! {
        served = axum::serve(listener, app()).with_graceful_shutdown(stop_signal()) => served?,
        () = deadline => warn!("connections were cut off"),
    }
    Ok(())
}

fn app() -> Router {
    let trace = TraceLayer::new_for_http()
        .make_span_with(DefaultMakeSpan::new().level(Level::INFO))
        .on_response(DefaultOnResponse::new().level(Level::INFO));
    let timeout = Duration::from_secs(20);
    let hello = json!({ "message": "¡Hola desde Rust en Docker Multi-stage!" });
    Router::new()
        .route("/", get(Json(hello)))
        .route("/echo", post(echo))
        .layer((
            trace,
            TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, timeout),
            DefaultBodyLimit::max(64 * 1024),
        ))
        // Added after the layers, the probes are not logged.
        .route("/healthz", get(Json(json!({ "status": "live" }))))
        .route("/readyz", get(Json(json!({ "status": "ready" }))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Echo {
    message: String,
    #[serde(default = "once")]
    repeat: usize,
}

fn once() -> usize {
    1
}

async fn echo(Json(body): Json<Echo>) -> Result<Json<Value>, (StatusCode, &'static str)> {
    let Echo { message, repeat } = body;
    let length = message.chars().count();
    if !(1..=200).contains(&length) || !(1..=10).contains(&repeat) {
        let reason = "message must have 1 to 200 characters, repeat must be 1 to 10";
        return Err((StatusCode::UNPROCESSABLE_ENTITY, reason));
    }
    Ok(Json(
        json!({ "message": message.repeat(repeat), "length": length * repeat }),
    ))
}

async fn stop_signal() {
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be handled");
    let mut interrupt = signal(SignalKind::interrupt()).expect("SIGINT can be handled");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

fn check_health(port: u16) -> Result<(), Box<dyn Error>> {
    let timeout = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n")?;
    let mut status_line = String::new();
    BufReader::new(stream).read_line(&mut status_line)?;
    if !status_line.contains(" 200 ") {
        return Err(format!("GET /healthz returned {status_line}").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::{Request, header};
    use tower::ServiceExt;

    #[tokio::test]
    async fn echo_counts_characters() {
        let cases = [
            (String::new(), StatusCode::UNPROCESSABLE_ENTITY),
            ("ñ".repeat(200), StatusCode::OK),
            ("ñ".repeat(201), StatusCode::UNPROCESSABLE_ENTITY),
        ];
        for (message, status) in cases {
            let request = Request::post("/echo")
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(json!({ "message": message }).to_string()))
                .unwrap();
            let response = app().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status, "{} bytes", message.len());
        }
    }
}
