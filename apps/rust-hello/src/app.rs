use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;
use tracing::{debug, error, info, warn};
use uuid::Uuid;

use crate::echo::echo;
use crate::problem::{Problem, with_problem_body};

#[derive(Clone)]
pub struct App {
    pub variant: Arc<str>,
    pub body_timeout: Duration,
    /// Whether it stops, and is no longer ready.
    pub stopping: watch::Receiver<bool>,
}

pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(greet))
        .route("/healthz", get(async || json_response(&json!({ "status": "live" }))))
        .route("/readyz", get(ready))
        .route("/echo", post(echo))
        .fallback(async |uri: Uri| Problem::new(StatusCode::NOT_FOUND, format!("There is nothing at {}", uri.path())))
        .method_not_allowed_fallback(async |method: Method, uri: Uri| {
            let detail = format!("{} does not answer {method}", uri.path());
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
        })
        .layer(from_fn(log_request))
        .with_state(app)
}

pub fn json_response(value: &impl Serialize) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], to_json(value)).into_response()
}

pub fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("what is answered here has string keys and no failing parts")
}

async fn greet(State(app): State<App>) -> Response {
    json_response(&json!({
        "message": "¡Hola desde Rust en Docker Multi-stage!",
        "name": env!("CARGO_PKG_NAME"),
        "variant": *app.variant,
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

async fn ready(State(app): State<App>) -> Result<Response, Problem> {
    if *app.stopping.borrow() {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "Stopping"));
    }
    Ok(json_response(&json!({ "status": "ready" })))
}

/// Logs a request once it is answered: failures as errors, health probes at debug. The id comes from the request's
/// `X-Request-Id` where that is plain, is made here otherwise, and goes back with the answer.
async fn log_request(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let given = request.headers().get("x-request-id").filter(|id| is_plain(id.as_bytes()));
    let id = given.cloned().unwrap_or_else(new_id);
    let method = request.method().clone();
    let uri = request.uri().clone();

    let mut response = with_problem_body(next.run(request).await, &uri);

    let status = response.status().as_u16();
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    macro_rules! log {
        ($level:ident) => {
            $level!(
                req.id = id.to_str().unwrap_or_default(),
                req.method = %method,
                req.url = %uri,
                res.statusCode = status,
                responseTime = took,
                "request completed"
            )
        };
    }
    match (uri.path(), status) {
        ("/healthz" | "/readyz", ..400) => log!(debug),
        ("/healthz" | "/readyz", _) => log!(warn),
        (_, 500..) => log!(error),
        _ => log!(info),
    }
    response.headers_mut().insert("x-request-id", id);
    response
}

fn is_plain(id: &[u8]) -> bool {
    (1..=128).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(byte))
}

fn new_id() -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    HeaderValue::from_str(Uuid::new_v4().hyphenated().encode_lower(&mut text)).expect("a UUID is plain")
}
