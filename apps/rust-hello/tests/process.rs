mod service;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use service::{Connection, GET, Service, command};

#[test]
fn stops_on_a_signal() {
    for signal in ["TERM", "INT"] {
        let mut service = Service::start(&[]);
        let mut idle = service.connect();
        idle.say(GET);
        idle.until("}");
        let mut silent = service.connect();
        let mut busy = service.connect();
        let rest = busy.begin_post();

        service.signal(signal);
        assert!(idle.closed().starts_with("HTTP/1.1 200 OK"));
        assert_eq!(silent.closed(), "");
        assert!(TcpStream::connect(service.address()).is_err());
        busy.say(rest);
        let answer = busy.closed();
        assert!(answer.contains("HTTP/1.1 200 OK") && answer.contains("in flightin flight"), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");

        let (status, errors) = service.exit();
        assert_eq!((status.code(), errors.as_str()), (Some(0), ""));
        service.until_logged(|line| line["msg"] == "stopped");
    }
}

#[test]
fn cuts_off_what_does_not_finish() {
    let mut service = Service::start(&[]);
    let mut busy = service.connect();
    busy.begin_post();
    let begun = Instant::now();
    service.signal("TERM");
    assert_eq!(service.exit().0.code(), Some(1));
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(service.until_logged(|line| line["level"] == "error")["cutOff"], 1);
}

#[test]
fn ends_at_once_on_a_second_signal() {
    let mut service = Service::start(&[]);
    let mut busy = service.connect();
    busy.begin_post();
    service.signal("TERM");
    service.until_logged(|line| line["msg"] == "stopping");
    let begun = Instant::now();
    service.signal("TERM");
    assert_eq!(service.exit().0.code(), Some(1));
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn drops_nothing_when_it_stops_under_load() {
    let mut service = Service::start(&[]);
    let address = service.address();
    let clients: Vec<_> = (0..4)
        .map(|_| {
            thread::spawn(move || {
                let mut answered = 0;
                // Refused, or closed before its request was read, is how a service that stopped listening says so.
                while let Ok(mut stream) = TcpStream::connect(address) {
                    let mut answer = [0; 12];
                    if stream.write_all(GET.as_bytes()).and_then(|()| stream.read_exact(&mut answer)).is_err() {
                        break;
                    }
                    assert_eq!(&answer, b"HTTP/1.1 200");
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    thread::sleep(Duration::from_millis(500));
    service.signal("TERM");
    assert_eq!(service.exit().0.code(), Some(0));
    let answered: Vec<usize> = clients.into_iter().map(|client| client.join().unwrap()).collect();
    let begun = service.logged().iter().filter(|line| line["req"].is_object()).count();
    assert!(answered.iter().all(|&count| count > 10), "{answered:?}");
    assert_eq!(answered.iter().sum::<usize>(), begun);
}

#[test]
fn names_wrong_variables_on_one_line() {
    let mut service = Service::start(&[("PORT", "http"), ("LOG_LEVEL", "loud")]);
    let (status, errors) = service.exit();
    assert_eq!((status.code(), errors.as_str()), (Some(2), ""));
    let line = service.until_logged(|_| true);
    assert_eq!(line["level"], "error");
    let problem = line["msg"].as_str().unwrap();
    assert!(problem.starts_with(r#"PORT is "http", it must be "#), "{problem}");
    assert!(problem.contains(r#"; LOG_LEVEL is "loud", it must be one of "#), "{problem}");
    assert_eq!(service.logged().len(), 1);
}

#[test]
fn names_a_taken_port() {
    let first = Service::start(&[]);
    let port = first.address().port().to_string();
    let mut second = Service::start(&[("PORT", &port)]);
    assert_eq!(second.exit().0.code(), Some(1));
    let line = second.until_logged(|_| true);
    let problem = line["msg"].as_str().unwrap();
    assert!(problem.starts_with("Cannot listen: "), "{problem}");
    assert!(problem.ends_with("Set PORT and HOST to an address that is free here"), "{problem}");
}

#[test]
fn listens_on_every_address_unless_told() {
    let service = Service::start(&[("HOST", "")]);
    let mut connection = Connection::to(service.address());
    connection.say(GET);
    connection.until("200 OK");
}

#[test]
fn says_how_it_is_used() {
    let output = command(&[]).arg("serve").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stderr, b"Usage: rust-hello [health]\n");
}

#[test]
fn checks_health() {
    let service = Service::start(&[]);
    let check = |port: u16, host: &str| {
        let begun = Instant::now();
        let output = command(&[("PORT", &port.to_string()), ("HOST", host)]).arg("health").output().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(4));
        assert_eq!(output.status.success(), output.stderr.is_empty());
        output.status.code()
    };
    for host in ["", "127.0.0.1", "0.0.0.0"] {
        assert_eq!(check(service.address().port(), host), Some(0));
    }
    drop(service);

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // It hangs.
    assert_eq!(check(port, ""), Some(1));
    let sick = thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n");
        }
    });
    assert_eq!(check(port, ""), Some(1));
    sick.join().unwrap();
    assert_eq!(check(port, ""), Some(1));
}
