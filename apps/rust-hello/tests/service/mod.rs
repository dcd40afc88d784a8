//! The service as a process of its own, and clients for it that can say what no HTTP client would.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

pub const GET: &str = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
pub const BODY: &str = r#"{"message":"in flight","repeat":2}"#;
const PATIENCE: Duration = Duration::from_secs(20);

pub fn command(env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rust-hello"));
    command.env_clear().envs(env.iter().copied());
    command
}

/// Ends with its scope.
pub struct Service {
    pub process: Child,
    lines: Arc<(Mutex<Vec<Value>>, Condvar)>,
}

impl Service {
    /// On a free port of 127.0.0.1.
    pub fn start(env: &[(&str, &str)]) -> Self {
        let env = [&[("HOST", "127.0.0.1"), ("PORT", "0")], env].concat();
        let mut process = command(&env).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let (stdout, sink) = (process.stdout.take().unwrap(), lines.clone());
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let line: Value = serde_json::from_str(&line.unwrap()).expect("a line on stdout is JSON");
                sink.0.lock().unwrap().push(line);
                sink.1.notify_all();
            }
        });
        Self { process, lines }
    }

    /// The first log line that matches, once it is there.
    pub fn until_logged(&self, matches: impl Fn(&Value) -> bool) -> Value {
        let (lines, changed) = &*self.lines;
        let (lines, wait) =
            changed.wait_timeout_while(lines.lock().unwrap(), PATIENCE, |lines| !lines.iter().any(&matches)).unwrap();
        assert!(!wait.timed_out(), "{lines:?}");
        lines.iter().find(|line| matches(line)).unwrap().clone()
    }

    pub fn logged(&self) -> Vec<Value> {
        self.lines.0.lock().unwrap().clone()
    }

    pub fn address(&self) -> SocketAddr {
        let line = self.until_logged(|line| line["msg"] == "listening");
        SocketAddr::from(([127, 0, 0, 1], line["port"].as_u64().unwrap().try_into().unwrap()))
    }

    pub fn connect(&self) -> Connection {
        Connection::to(self.address())
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub fn post(&self, body: impl AsRef<[u8]>) -> Answer {
        self.ask("POST", "/echo", &[("Content-Type", "application/json")], body.as_ref())
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut connection = self.connect();
        connection.say(format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"));
        for (name, value) in headers {
            connection.say(format!("{name}: {value}\r\n"));
        }
        connection.say(format!("Content-Length: {}\r\n\r\n", body.len()));
        // It may be refused before all of it is sent.
        let _ = connection.stream.write_all(body);
        Answer::parse(&connection.closed())
    }

    pub fn signal(&self, name: &str) {
        // The shell's own: a slim image has no program of that name.
        let kill = format!("kill -s {name} {}", self.process.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// What it exited with and what it wrote to stderr.
    pub fn exit(&mut self) -> (ExitStatus, String) {
        let mut errors = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (self.process.wait().unwrap(), errors)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub struct Connection {
    pub stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self { stream, received: Vec::new() }
    }

    pub fn say(&mut self, text: impl AsRef<[u8]>) {
        self.stream.write_all(text.as_ref()).unwrap();
    }

    /// Everything received so far, once that holds `text`.
    pub fn until(&mut self, text: &str) -> String {
        let mut buffer = [0; 4096];
        loop {
            let received = String::from_utf8_lossy(&self.received).into_owned();
            if received.contains(text) {
                return received;
            }
            let count = self.stream.read(&mut buffer).unwrap();
            assert!(count > 0, "closed after {received:?}");
            self.received.extend_from_slice(&buffer[..count]);
        }
    }

    /// Everything received, once the service has closed the connection.
    pub fn closed(&mut self) -> String {
        match self.stream.read_to_end(&mut self.received) {
            Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("{error}"),
            _ => String::from_utf8_lossy(&self.received).into_owned(),
        }
    }

    /// Posts half of [`BODY`]; the service has taken the request up when this returns. Answers the other half.
    pub fn begin_post(&mut self) -> &'static str {
        self.say(post_head(BODY.len(), "Expect: 100-continue\r\n"));
        self.until("HTTP/1.1 100 Continue\r\n\r\n");
        self.say(&BODY[..10]);
        &BODY[10..]
    }
}

/// The head of a `POST` of so many bytes; `more` are lines of further headers.
pub fn post_head(length: usize, more: &str) -> String {
    let length = format!("Content-Length: {length}\r\n{more}\r\n");
    format!("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{length}")
}

/// The head of a `POST` in chunks.
pub fn chunked_head() -> String {
    post_head(0, "").replace("Content-Length: 0", "Transfer-Encoding: chunked")
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub fn header(&self, wanted: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }

    #[track_caller]
    pub fn expect_json(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.header("Content-Type"), Some("application/json"));
        serde_json::from_str(&self.body).unwrap()
    }

    /// Holds it against RFC 9457.
    #[track_caller]
    pub fn expect_problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("Content-Type"), Some("application/problem+json"));
        assert_eq!(self.header("Content-Length"), Some(&*self.body.len().to_string()));
        assert!(self.header("X-Request-Id").is_some());
        let problem: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["type"], "about:blank");
        assert_eq!(problem["status"], status);
        assert!(self.head.contains(problem["title"].as_str().unwrap()));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        assert!(problem["instance"].as_str().unwrap().starts_with('/'));
        problem
    }
}
