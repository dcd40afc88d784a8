use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tracing::level_filters::LevelFilter;

#[derive(Debug, PartialEq)]
pub struct Config {
    /// To listen on the first of these that there is: every address, IPv6 included where the host has it, unless told.
    pub addresses: Vec<SocketAddr>,
    pub level: LevelFilter,
    /// The image variant that runs, shown at `GET /`.
    pub variant: String,
}

const LEVELS: [(&str, LevelFilter); 6] = [
    // tracing's highest.
    ("fatal", LevelFilter::ERROR),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];

/// Reads the configuration from an environment; a variable that is unset or empty has its default.
///
/// # Errors
///
/// Names every variable with a wrong value, the value and what is allowed.
pub fn read_config(env: impl Fn(&str) -> Option<String>) -> Result<Config, String> {
    let mut problems = Vec::new();
    let mut read = |name: &str, allowed: &str, is_allowed: &dyn Fn(&str) -> bool| {
        let text = env(name).filter(|text| !text.is_empty())?;
        if !is_allowed(&text) {
            problems.push(format!("{name} is {text:?}, it must be {allowed}"));
            return None;
        }
        Some(text)
    };

    let host = read("HOST", "an IP address such as 127.0.0.1", &|text| text.parse::<IpAddr>().is_ok());
    let port = read("PORT", "a port number from 0 to 65535", &|text| parse_port(text).is_some());
    let level_names = LEVELS.map(|(name, _)| name).join(", ");
    let level = read("LOG_LEVEL", &format!("one of {level_names}"), &|text| parse_level(text).is_some());
    let variant = read("VARIANT", r#"a word of up to 32 of a-z, 0-9 and "-""#, &|text| {
        text.len() <= 32 && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    });
    if !problems.is_empty() {
        return Err(problems.join("; "));
    }

    let port = port.and_then(|text| parse_port(&text)).unwrap_or(8080);
    let hosts = match host.and_then(|text| text.parse().ok()) {
        Some(host) => vec![host],
        None => vec![IpAddr::V6(Ipv6Addr::UNSPECIFIED), IpAddr::V4(Ipv4Addr::UNSPECIFIED)],
    };
    Ok(Config {
        addresses: hosts.into_iter().map(|host| SocketAddr::new(host, port)).collect(),
        level: level.and_then(|text| parse_level(&text)).unwrap_or(LevelFilter::INFO),
        variant: variant.unwrap_or_else(|| "source".into()),
    })
}

fn parse_port(text: &str) -> Option<u16> {
    // `parse` alone would take "+80" too.
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn parse_level(text: &str) -> Option<LevelFilter> {
    LEVELS.iter().find(|(name, _)| *name == text).map(|(_, level)| *level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(env: &[(&str, &str)]) -> Result<Config, String> {
        read_config(|wanted| env.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn has_defaults() {
        let default = Config {
            addresses: vec!["[::]:8080".parse().unwrap(), "0.0.0.0:8080".parse().unwrap()],
            level: LevelFilter::INFO,
            variant: "source".into(),
        };
        assert_eq!(read(&[]).unwrap(), default);
        assert_eq!(read(&[("PORT", ""), ("HOST", ""), ("LOG_LEVEL", ""), ("VARIANT", "")]).unwrap(), default);
    }

    #[test]
    fn is_read_from_the_environment() {
        let env = [("PORT", "0"), ("HOST", "::1"), ("LOG_LEVEL", "debug"), ("VARIANT", "prod")];
        let config =
            Config { addresses: vec!["[::1]:0".parse().unwrap()], level: LevelFilter::DEBUG, variant: "prod".into() };
        assert_eq!(read(&env).unwrap(), config);
    }

    #[test]
    fn says_what_is_wrong_and_what_is_allowed() {
        for (name, value, problem) in [
            ("PORT", "http", r#"PORT is "http", it must be a port number from 0 to 65535"#),
            ("PORT", "65536", r#"PORT is "65536", it must be a port number from 0 to 65535"#),
            ("PORT", "+80", r#"PORT is "+80", it must be a port number from 0 to 65535"#),
            ("PORT", "80 ", r#"PORT is "80 ", it must be a port number from 0 to 65535"#),
            ("HOST", "localhost", r#"HOST is "localhost", it must be an IP address such as 127.0.0.1"#),
            ("LOG_LEVEL", "loud", r#"LOG_LEVEL is "loud", it must be one of fatal, error, warn, info, debug, trace"#),
            ("VARIANT", "a\nb", r#"VARIANT is "a\nb", it must be a word of up to 32 of a-z, 0-9 and "-""#),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err(), problem);
        }
    }

    #[test]
    fn names_every_wrong_variable_at_once() {
        let problem = read(&[("PORT", "x"), ("LOG_LEVEL", "y")]).unwrap_err();
        assert!(problem.starts_with("PORT is ") && problem.contains("; LOG_LEVEL is "), "{problem}");
    }
}
