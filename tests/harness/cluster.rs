//! The Postgres cluster of the tests: the one `TEST_DATABASE_ADMIN_URL` names, else a throwaway one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use diesel::prelude::*;

/// Root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Address of a superuser of the cluster.
pub fn admin_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        if let Ok(url) = std::env::var("TEST_DATABASE_ADMIN_URL") {
            return url;
        }
        let out = Command::new(root().join(".ci/test-pg.sh")).arg("start").output().expect(".ci/test-pg.sh runs");
        assert!(
            out.status.success(),
            "no Postgres for the tests: {}\nstart one with `.ci/test-pg.sh start`, or set TEST_DATABASE_ADMIN_URL",
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8(out.stdout).unwrap().trim().to_owned()
    })
}

/// Address of a database of the cluster; `role` is (name, password), the superuser where absent.
pub fn database_url(database: &str, role: Option<(&str, &str)>) -> String {
    let (url, query) = admin_url().split_once('?').map_or((admin_url(), None), |(u, q)| (u, Some(q)));
    let (base, _) = url.rsplit_once('/').expect("an address with a database");
    let base = match role {
        None => base.to_owned(),
        Some((name, password)) => {
            let (scheme, rest) = base.split_once("://").expect("a scheme");
            let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            format!("{scheme}://{name}:{password}@{host}")
        }
    };
    query.map_or_else(|| format!("{base}/{database}"), |q| format!("{base}/{database}?{q}"))
}

/// A connection to an address.
pub fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap_or_else(|e| panic!("no connection to the test cluster: {e}"))
}
