use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::to_json;

/// An answer that is an error, RFC 9457.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub detail: String,
    pub errors: Vec<FieldError>,
}

/// What is wrong with a part of a body; `path` is a JSON Pointer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldError {
    pub path: String,
    pub message: String,
}

#[derive(Serialize)]
struct ProblemBody {
    r#type: &'static str,
    title: Option<&'static str>,
    status: u16,
    detail: String,
    instance: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), errors: Vec::new() }
    }

    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "The body does not keep its schema") }
    }
}

impl IntoResponse for Problem {
    /// Without a body: [`with_problem_body`] writes it, where the request is known.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of a response that is a [`Problem`].
pub fn with_problem_body(mut response: Response, uri: &Uri) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let body = to_json(&ProblemBody {
        r#type: "about:blank",
        title: problem.status.canonical_reason(),
        status: problem.status.as_u16(),
        detail: problem.detail,
        instance: uri.to_string(),
        errors: problem.errors,
    });
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response.map(|_| Body::from(body))
}
