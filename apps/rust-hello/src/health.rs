use std::io::{BufRead, BufReader, Error, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Asks the service that listens on the first of these addresses, from the same host.
///
/// # Errors
///
/// Says what it did instead of answering 200.
pub fn check_health(addresses: &[SocketAddr]) -> Result<(), String> {
    let status_line = ask(addresses).map_err(|error| format!("GET /healthz: {error}"))?;
    if !status_line.contains(" 200 ") {
        return Err(format!("GET /healthz answered {status_line:?}"));
    }
    Ok(())
}

fn ask(addresses: &[SocketAddr]) -> Result<String, Error> {
    let wait = Duration::from_secs(2);
    let mut address = addresses[0];
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let mut stream = TcpStream::connect_timeout(&address, wait)?;
    stream.set_read_timeout(Some(wait))?;
    stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n")?;
    let mut status_line = String::new();
    BufReader::new(stream).read_line(&mut status_line)?;
    Ok(status_line)
}
