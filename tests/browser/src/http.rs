//! One HTTP request, one answer: all that WebDriver needs.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

const TIMEOUT: Duration = Duration::from_secs(180);

/// Asks chromedriver. Panics with its message where it refuses.
pub(crate) fn request(driver: &str, method: &str, path: &str, body: Option<&Value>) -> Value {
    match try_request(driver, method, path, body) {
        Ok(value) => value,
        Err(message) => panic!("{method} {path}: {message}"),
    }
}

/// Asks chromedriver. The error is its message.
pub(crate) fn try_request(
    driver: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Value, String> {
    let host = driver.trim_start_matches("http://").trim_end_matches('/');
    let text = exchange(host, method, path, body).map_err(|error| error.to_string())?;
    let (head, content) = text.split_once("\r\n\r\n").ok_or("an answer without a head")?;
    let answer: Value = serde_json::from_str(content)
        .map_err(|error| format!("{error} in the answer {content:?} to {method} {path}"))?;
    let value = answer["value"].clone();
    if head.split(' ').nth(1).is_some_and(|status| status.starts_with('2')) {
        Ok(value)
    } else {
        let message = value["message"].as_str().unwrap_or("an error without a message");
        Err(message.lines().next().unwrap_or_default().to_owned())
    }
}

fn exchange(host: &str, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    // chromedriver may keep the connection open in spite of what it was asked for.
    loop {
        let read = stream.read(&mut chunk)?;
        bytes.extend_from_slice(&chunk[..read]);
        if read == 0 || is_whole(&bytes) {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse::<usize>().ok());
    length.is_some_and(|length| bytes.len() >= end + 4 + length)
}
