use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::app::{App, json_response};
use crate::problem::{FieldError, Problem};

const MAX_BODY_BYTES: usize = 64 * 1024;
const MAX_MESSAGE: usize = 200;
const MAX_REPEAT: u64 = 10;

/// Answers the message of the request's body, repeated.
pub async fn echo(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let body = read_body(request, app.body_timeout).await?;
    let message = parse_echo(&body)?;
    Ok(json_response(&Echoed { length: message.chars().count(), message }))
}

#[derive(Serialize)]
struct Echoed {
    message: String,
    length: usize,
}

/// Reads a JSON body that may still be anything but is within bounds.
async fn read_body(request: Request, body_timeout: Duration) -> Result<Bytes, Problem> {
    if !is_json(request.headers()) {
        let detail = "The body must be application/json in UTF-8";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let too_large = || {
        let detail = format!("The body is larger than {MAX_BODY_BYTES} bytes");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    // Before anything is read: a client that waits for 100 Continue need not send it.
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > MAX_BODY_BYTES) {
        return Err(too_large());
    }
    match timeout(body_timeout, Limited::new(request.into_body(), MAX_BODY_BYTES).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, "The body did not arrive whole")),
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "The body took too long to arrive")),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = text.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
            !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

/// Finds everything that is wrong with a body. A derived `Deserialize` would stop at the first.
fn parse_echo(body: &[u8]) -> Result<String, Problem> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, format!("The body is not JSON: {error}")))?;
    let Value::Object(fields) = value else {
        return Err(Problem::invalid(vec![wrong("", "must be an object")]));
    };

    let message = message_of(&fields);
    let repeat = repeat_of(&fields);
    let unknown = fields.keys().filter(|name| *name != "message" && *name != "repeat");
    let mut errors: Vec<_> = unknown.map(|name| wrong(&format!("/{}", escape(name)), "is not known")).collect();
    match (message, repeat) {
        (Ok(message), Ok(repeat)) if errors.is_empty() => Ok(message.repeat(repeat)),
        (message, repeat) => {
            errors.splice(..0, message.err().into_iter().chain(repeat.err()));
            errors.truncate(MAX_ERRORS);
            Err(Problem::invalid(errors))
        }
    }
}

/// Bounds what a hostile document can have answered.
const MAX_ERRORS: usize = 50;

fn message_of(fields: &Map<String, Value>) -> Result<&str, FieldError> {
    fields
        .get("message")
        .and_then(Value::as_str)
        .filter(|message| (1..=MAX_MESSAGE).contains(&message.chars().count()))
        .ok_or_else(|| wrong("/message", &format!("must be a string of 1 to {MAX_MESSAGE} characters")))
}

fn repeat_of(fields: &Map<String, Value>) -> Result<usize, FieldError> {
    let Some(repeat) = fields.get("repeat") else {
        return Ok(1);
    };
    repeat
        .as_u64()
        .filter(|repeat| (1..=MAX_REPEAT).contains(repeat))
        .and_then(|repeat| repeat.try_into().ok())
        .ok_or_else(|| wrong("/repeat", &format!("must be an integer from 1 to {MAX_REPEAT}")))
}

fn wrong(path: &str, message: &str) -> FieldError {
    FieldError { path: path.into(), message: message.into() }
}

/// Escapes a name for a JSON Pointer, RFC 6901.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(body: impl AsRef<[u8]>) -> Problem {
        parse_echo(body.as_ref()).unwrap_err()
    }

    #[test]
    fn repeats_a_message() {
        let emoji = "😀".repeat(200);
        for (body, message) in [
            (r#"{"message":"a"}"#.to_owned(), "a".to_owned()),
            (r#"{"message":"¡Olé!","repeat":2}"#.to_owned(), "¡Olé!¡Olé!".to_owned()),
            (r#"{"message":"<&\u0000\u2028"}"#.to_owned(), "<&\0\u{2028}".to_owned()),
            (format!(r#"{{"message":"{emoji}","repeat":10}}"#), emoji.repeat(10)),
        ] {
            assert_eq!(parse_echo(body.as_bytes()).unwrap(), message);
        }
    }

    #[test]
    fn names_every_wrong_part() {
        let long = format!(r#"{{"message":"{}"}}"#, "😀".repeat(201));
        for (body, paths) in [
            ("1", &[""][..]),
            ("null", &[""]),
            ("[]", &[""]),
            ("{}", &["/message"]),
            (r#"{"MESSAGE":"a"}"#, &["/message", "/MESSAGE"]),
            (r#"{"message":null}"#, &["/message"]),
            (r#"{"message":1,"repeat":0}"#, &["/message", "/repeat"]),
            (r#"{"message":""}"#, &["/message"]),
            (&long, &["/message"]),
            (r#"{"message":"a","repeat":11}"#, &["/repeat"]),
            (r#"{"message":"a","repeat":-1}"#, &["/repeat"]),
            (r#"{"message":"a","repeat":1e30}"#, &["/repeat"]),
            (r#"{"message":"a","repeat":2.0}"#, &["/repeat"]),
            (r#"{"message":"a","repeat":"2"}"#, &["/repeat"]),
            (r#"{"message":"a","repeat":true}"#, &["/repeat"]),
            (r#"{"message":"a","repeat":null}"#, &["/repeat"]),
            (r#"{"message":"a","~/":1}"#, &["/~0~1"]),
        ] {
            let problem = problem(body);
            assert_eq!(problem.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
            assert_eq!(problem.errors.iter().map(|error| error.path.as_str()).collect::<Vec<_>>(), paths, "{body}");
        }
    }

    #[test]
    fn names_no_more_than_a_person_can_read() {
        let names: Vec<_> = (0..5000).map(|name| format!(r#""{name}":0"#)).collect();
        assert_eq!(problem(format!("{{{}}}", names.join(","))).errors.len(), MAX_ERRORS);
    }

    #[test]
    fn refuses_what_is_not_json() {
        let utf16: Vec<u8> = r#"{"message":"a"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for body in [
            &b""[..],
            br#"{"message":"#,
            br#"{"message":"a"} more"#,
            b"NaN",
            b"{\"message\":\"\xff\"}",
            br#"{"message":"\ud800"}"#,
            &utf16,
            "\u{feff}{}".as_bytes(),
            "[".repeat(60_000).as_bytes(),
            r#"{"message":"#.repeat(5000).as_bytes(),
        ] {
            assert_eq!(problem(body).status, StatusCode::BAD_REQUEST, "{:?}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn knows_json_by_its_media_type() {
        for (text, json) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=\"utf-8\"", true),
            ("application/json; charset=latin1", false),
            ("application/jsonp", false),
            ("text/plain", false),
            ("", false),
            (";;", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, text.parse().unwrap())]);
            assert_eq!(is_json(&headers), json, "{text}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
