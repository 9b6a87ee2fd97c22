//! Hears of changed grants, clients and keys on a connection of its own, and forgets what is kept in memory.

use std::time::Duration;

use diesel::prelude::*;

use super::gate::Gate;

/// How often notifications are looked for: well under the second a change may take.
const TICK: Duration = Duration::from_millis(200);

/// Starts the listener thread. While it has no connection, nothing is kept in memory.
pub fn listen(gate: Gate) -> Result<(), String> {
    std::thread::Builder::new()
        .name("access-listen".into())
        .spawn(move || {
            loop {
                if let Err(cause) = follow(&gate) {
                    gate.cache().reset(false);
                    tracing::warn!(cause, "not listening for changed grants; callers are read for each request");
                    std::thread::sleep(Duration::from_millis(500));
                }
            }
        })
        .map(|_| ())
        .map_err(|e| format!("cannot start a thread: {e}"))
}

fn follow(gate: &Gate) -> Result<(), &'static str> {
    let mut conn = PgConnection::establish(gate.config().database_url.expose()).map_err(|_| "no connection")?;
    diesel::sql_query("LISTEN access_changed").execute(&mut conn).map_err(|_| "LISTEN failed")?;
    // Keys first, then the cache: whatever changed before LISTEN is read now.
    super::token::ensure_key(&mut conn, gate.sealer()).map_err(|_| "no signing key")?;
    gate.tokens().reload(&mut conn, gate.sealer()).map_err(|_| "keys not readable")?;
    gate.cache().reset(true);
    let mut ticks = 0u32;
    loop {
        let mut changed = false;
        let mut keys = false;
        for notification in conn.notifications_iter() {
            let notification = notification.map_err(|_| "connection lost")?;
            changed = true;
            keys |= notification.payload == "signing_keys";
        }
        if keys {
            gate.tokens().reload(&mut conn, gate.sealer()).map_err(|_| "keys not readable")?;
        }
        if changed {
            gate.cache().reset(true);
        }
        std::thread::sleep(TICK);
        ticks += 1;
        if ticks.is_multiple_of(25) {
            // A silent, dead connection shows only when it is used.
            diesel::sql_query("SELECT 1").execute(&mut conn).map_err(|_| "connection lost")?;
        }
    }
}
