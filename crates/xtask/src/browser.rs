//! A browser for the tests: found, installed where that is allowed, and driven.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::packages;
use crate::process::{Done, Failure, on_path};

/// The line for people who have to install it themselves.
pub(crate) const INSTALL: &str =
    "install Chromium and its chromedriver (Debian: apt-get install chromium chromium-driver)";

/// A browser and its driver.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) browser: Option<PathBuf>,
    driver: PathBuf,
}

/// Looks for a browser, and installs one where that is allowed.
pub(crate) fn find() -> Option<Found> {
    look().or_else(|| {
        packages::install(&["chromium", "chromium-driver"], "about a minute").then(look).flatten()
    })
}

fn look() -> Option<Found> {
    let browser = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .find_map(on_path);
    let driver = on_path("chromedriver")?;
    Some(Found { browser: Some(browser?), driver })
}

/// A running chromedriver; it ends with this.
#[derive(Debug)]
pub(crate) struct Driver {
    child: Child,
    pub(crate) address: String,
}

impl Found {
    /// Starts chromedriver on a free port.
    pub(crate) fn start(&self) -> Done<Driver> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(&self.driver)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let driver = Driver { child, address: format!("http://127.0.0.1:{port}") };
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(driver);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Failure::new("chromedriver does not listen"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
