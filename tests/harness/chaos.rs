//! A TCP proxy in front of Postgres that can lose the database at will.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::cluster::admin_url;

/// Forwards to the test cluster until told otherwise.
pub struct ChaosProxy {
    port: u16,
    down: Arc<AtomicBool>,
    stalled: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

enum Upstream {
    Unix(String),
    Tcp(String),
}

/// Where the cluster listens, from its address: a percent-encoded socket directory or host and port.
fn upstream() -> Upstream {
    let url = admin_url().split('?').next().unwrap();
    let host = url.split("://").nth(1).unwrap().split('/').next().unwrap();
    let host = host.rsplit_once('@').map_or(host, |(_, h)| h);
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "5432"));
    if name.to_ascii_uppercase().starts_with("%2F") {
        let directory = name.replace("%2F", "/").replace("%2f", "/").replace("%2D", "-").replace("%2d", "-");
        Upstream::Unix(format!("{directory}/.s.PGSQL.{port}"))
    } else {
        Upstream::Tcp(format!("{name}:{port}"))
    }
}

impl ChaosProxy {
    /// Starts forwarding from a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            down: Arc::default(),
            stalled: Arc::default(),
            open: Arc::default(),
        };
        let (down, stalled, open) = (proxy.down.clone(), proxy.stalled.clone(), proxy.open.clone());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if down.load(Ordering::Acquire) {
                    let _ = client.shutdown(Shutdown::Both);
                    continue;
                }
                open.lock().unwrap().push(client.try_clone().unwrap());
                match upstream() {
                    Upstream::Unix(path) => {
                        let Ok(server) = UnixStream::connect(path) else { continue };
                        let back = server.try_clone().unwrap();
                        pump(client.try_clone().unwrap(), server, stalled.clone(), |s| {
                            drop(s.shutdown(Shutdown::Both))
                        });
                        pump(back, client, stalled.clone(), |c| drop(c.shutdown(Shutdown::Both)));
                    }
                    Upstream::Tcp(address) => {
                        let Ok(server) = TcpStream::connect(address) else { continue };
                        let back = server.try_clone().unwrap();
                        pump(client.try_clone().unwrap(), server, stalled.clone(), |s| {
                            drop(s.shutdown(Shutdown::Both))
                        });
                        pump(back, client, stalled.clone(), |c| drop(c.shutdown(Shutdown::Both)));
                    }
                }
            }
        });
        proxy
    }

    /// The same address, but through the proxy.
    pub fn through(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (host, tail) = rest.split_once('/').unwrap();
        let user = host.rsplit_once('@').map_or(String::new(), |(user, _)| format!("{user}@"));
        format!("{scheme}://{user}127.0.0.1:{}/{tail}", self.port)
    }

    /// Cuts every connection and refuses new ones.
    pub fn cut(&self) {
        self.down.store(true, Ordering::Release);
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Accepts connections, but lets nothing through.
    pub fn stall(&self) {
        self.stalled.store(true, Ordering::Release);
    }

    /// Forwards again.
    pub fn heal(&self) {
        self.stalled.store(false, Ordering::Release);
        self.down.store(false, Ordering::Release);
    }
}

fn pump<R: Read + Send + 'static, W: Write + Send + 'static>(
    mut from: R,
    mut to: W,
    stalled: Arc<AtomicBool>,
    end: impl FnOnce(&W) + Send + 'static,
) {
    std::thread::spawn(move || {
        let mut buffer = [0; 64 * 1024];
        while let Ok(n) = from.read(&mut buffer) {
            while stalled.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_millis(20));
            }
            if n == 0 || to.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
        end(&to);
    });
}
