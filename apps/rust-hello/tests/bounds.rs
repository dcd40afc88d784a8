mod service;

use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use rust_hello::{Bounds, serve};
use service::{BODY, Connection, GET, chunked_head, post_head};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The service in this process, within its own bounds. Stops with its scope.
struct Bounded {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Bounded {
    fn start(bounds: Bounds) -> Self {
        let (stop, stopped) = oneshot::channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let _ = runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                serve(listener, "source", bounds, async { drop(stopped.await) }).await
            });
        });
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    fn connect(&self) -> Connection {
        Connection::to(self.address)
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

fn short() -> Bounds {
    Bounds {
        head_timeout: Duration::from_millis(200),
        body_timeout: Duration::from_millis(400),
        write_timeout: Duration::from_secs(1),
        stop_timeout: Duration::from_millis(100),
        ..Bounds::default()
    }
}

#[test]
fn closes_connections_without_a_head() {
    let service = Bounded::start(short());
    for text in ["", "GET / HTTP/1.1\r\nHost:"] {
        let mut client = service.connect();
        client.say(text);
        assert_eq!(client.closed(), "");
    }
    let mut idle = service.connect();
    idle.say(GET);
    assert!(idle.closed().starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn tells_clients_without_a_whole_body() {
    let service = Bounded::start(short());
    for text in [post_head(BODY.len(), "") + &BODY[..10], chunked_head() + "5\r\n{"] {
        let mut client = service.connect();
        client.say(text);
        let answer = client.closed();
        assert!(answer.starts_with("HTTP/1.1 408 Request Timeout"), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
    }
}

#[test]
fn tells_clients_that_drip() {
    let service = Bounded::start(short());
    let mut client = service.connect();
    client.say(post_head(1000, ""));
    for _ in 0..100 {
        if client.stream.write_all(b" ").is_err() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert!(client.closed().starts_with("HTTP/1.1 408 "));
}

#[cfg(target_os = "linux")]
#[test]
fn cuts_clients_that_take_no_answers() {
    let service = Bounded::start(short());
    let body = format!(r#"{{"message":"{}","repeat":10}}"#, "😀".repeat(200));
    let post = post_head(body.len(), "") + &body;
    let mut client = service.connect();
    let error = loop {
        if let Err(error) = client.stream.write_all(post.as_bytes()) {
            break error;
        }
    };
    assert!(
        matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::TimedOut),
        "{error}"
    );
    assert_ne!(error.kind(), ErrorKind::WouldBlock);
}

#[test]
fn lets_further_connections_wait() {
    let service = Bounded::start(Bounds { connections: 1, ..Bounds::default() });
    let mut first = service.connect();
    first.say(GET);
    first.until("}");
    let mut second = service.connect();
    second.say(GET);
    second.stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(second.stream.peek(&mut [0]).is_err());
    drop(first);
    second.stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    second.until("200 OK");
}

#[test]
fn refuses_what_is_not_http() {
    let service = Bounded::start(Bounds::default());
    for (text, status) in [
        ("hello\r\n\r\n".to_owned(), "400"),
        ("\x16\x03\x01\x02\x00\r\n\r\n".to_owned(), "400"),
        (format!("GET / HTTP/1.1\r\na: {}\r\n\r\n", "b".repeat(20_000)), "431"),
        (format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(200)), "431"),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(20_000)), "431"),
        (post_head(2, "Content-Length: 3\r\n") + "{}", "400"),
        (chunked_head() + "zz\r\n{}\r\n0\r\n\r\n", "400"),
    ] {
        let mut client = service.connect();
        let _ = client.stream.write_all(text.as_bytes());
        let answer = client.closed();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{text:.40} is answered {answer:?}");
    }
    let mut client = service.connect();
    client.say(GET);
    client.until("200 OK");
}
