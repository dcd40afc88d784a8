mod service;

use std::io::Write;

use serde_json::json;
use service::{Answer, Service, chunked_head, post_head};

const MAX_BODY_BYTES: usize = 64 * 1024;

#[test]
fn greets() {
    let service = Service::start(&[("VARIANT", "prod")]);
    let answer = service.get("/");
    let greeting = json!({
        "message": "¡Hola desde Rust en Docker Multi-stage!",
        "name": "rust-hello",
        "variant": "prod",
        "version": "0.1.0",
    });
    assert_eq!(answer.expect_json(), greeting);
    assert!(answer.body.contains("¡Hola"));
}

#[test]
fn answers_probes_and_head() {
    let service = Service::start(&[]);
    assert_eq!(service.get("/healthz").expect_json(), json!({ "status": "live" }));
    assert_eq!(service.get("/readyz").expect_json(), json!({ "status": "ready" }));
    let answer = service.ask("HEAD", "/", &[], b"");
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
}

#[test]
fn echoes() {
    let service = Service::start(&[]);
    let answer = service.post(r#"{"message":"¡Olé!","repeat":2}"#);
    assert_eq!(answer.expect_json(), json!({ "message": "¡Olé!¡Olé!", "length": 10 }));
}

#[test]
fn refuses_bad_bodies() {
    let service = Service::start(&[]);
    let problem = service.post(r#"{"message":1,"repeat":11,"more":0}"#).expect_problem(422);
    let paths: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, ["/message", "/repeat", "/more"]);
    service.post("").expect_problem(400);
    service.post("[".repeat(60_000)).expect_problem(400);
    service.post(b"{\"message\":\"\xff\"}").expect_problem(400);
    service.ask("POST", "/echo", &[("Content-Type", "text/plain")], b"{}").expect_problem(415);
    service.ask("POST", "/echo", &[], b"{}").expect_problem(415);
}

#[test]
fn takes_bodies_up_to_a_size() {
    let service = Service::start(&[]);
    for (length, status) in [(MAX_BODY_BYTES, 200), (MAX_BODY_BYTES + 1, 413), (3 * MAX_BODY_BYTES, 413)] {
        let object = r#"{"message":"a"}"#;
        let body = object.to_owned() + &" ".repeat(length - object.len());
        assert_eq!(service.post(&body).status, status);

        let mut connection = service.connect();
        connection.say(chunked_head());
        let _ = connection.stream.write_all(format!("{length:x}\r\n{body}\r\n0\r\n\r\n").as_bytes());
        assert_eq!(Answer::parse(&connection.until("\r\n\r\n")).status, status);
    }
}

#[test]
fn refuses_a_huge_body_before_it_is_sent() {
    let service = Service::start(&[]);
    let mut connection = service.connect();
    connection.say(post_head(10 * 1024 * 1024, "Expect: 100-continue\r\n"));
    Answer::parse(&connection.closed()).expect_problem(413);
}

#[test]
fn knows_its_paths_and_methods() {
    let service = Service::start(&[]);
    for path in ["/nope", "/healthz/", "/%C2%A1?a=b", "/..%2f..%2fetc/passwd", "//"] {
        assert_eq!(service.get(path).expect_problem(404)["instance"], path);
    }
    for (method, path, allow) in [
        ("POST", "/", "GET,HEAD"),
        ("DELETE", "/healthz", "GET,HEAD"),
        ("GET", "/echo", "POST"),
        ("BREW", "/echo", "POST"),
    ] {
        let answer = service.ask(method, path, &[], b"");
        answer.expect_problem(405);
        assert_eq!(answer.header("Allow"), Some(allow));
    }
}

#[test]
fn logs_requests_but_no_healthy_probes() {
    let service = Service::start(&[]);
    for path in ["/healthz", "/readyz", "/nope?a=b"] {
        let answer = service.ask("GET", path, &[("X-Request-Id", "abc-1.2:3_4")], b"");
        assert_eq!(answer.header("X-Request-Id"), Some("abc-1.2:3_4"));
    }
    // The probes came before, and would be found first.
    let line = service.until_logged(|line| line.get("req").is_some());
    assert_eq!(line["level"], "info");
    assert_eq!(line["app"], "rust-hello");
    assert_eq!(line["req"], json!({ "id": "abc-1.2:3_4", "method": "GET", "url": "/nope?a=b" }));
    assert_eq!(line["res"], json!({ "statusCode": 404 }));
    assert_eq!(line["msg"], "request completed");
    assert!((0.0..1000.0).contains(&line["responseTime"].as_f64().unwrap()));
    let time = line["time"].as_str().unwrap();
    assert!(time.len() == "2026-01-01T00:00:00.000000Z".len() && time.ends_with('Z'), "{time}");
}

#[test]
fn logs_probes_at_debug() {
    let service = Service::start(&[("LOG_LEVEL", "debug")]);
    service.get("/healthz");
    assert_eq!(service.until_logged(|line| line.get("req").is_some())["level"], "debug");
}

#[test]
fn replaces_ids_that_are_not_plain() {
    let service = Service::start(&[]);
    for given in ["", "a b", "\"}", "é", &"a".repeat(129)] {
        let answer = service.ask("GET", "/", &[("X-Request-Id", given)], b"");
        assert_eq!(answer.header("X-Request-Id").unwrap().len(), 36);
    }
}
