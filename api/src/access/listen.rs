//! Hears of changed grants, clients and keys on a connection of its own, and forgets what is kept in memory.

use std::time::Duration;

use diesel::prelude::*;

use super::gate::{Gate, WeakGate};

/// How often notifications are looked for: well under the second a change may take.
const TICK: Duration = Duration::from_millis(200);

/// Starts the listener thread. While it has no connection, nothing is kept in memory.
/// It ends when the gate does.
pub fn listen(gate: Gate) -> Result<(), String> {
    let weak = gate.downgrade();
    drop(gate);
    std::thread::Builder::new()
        .name("access-listen".into())
        .spawn(move || {
            while let Err(cause) = follow(&weak) {
                let Some(gate) = weak.upgrade() else { return };
                gate.cache().reset(false);
                drop(gate);
                tracing::warn!(cause, "not listening for changed grants; callers are read for each request");
                std::thread::sleep(Duration::from_millis(500));
            }
        })
        .map(|_| ())
        .map_err(|e| format!("cannot start a thread: {e}"))
}

/// Follows changes until the connection is lost (an error) or the gate is gone.
fn follow(weak: &WeakGate) -> Result<(), &'static str> {
    let Some(gate) = weak.upgrade() else { return Ok(()) };
    let mut conn = PgConnection::establish(gate.config().database_url.expose()).map_err(|_| "no connection")?;
    diesel::sql_query("LISTEN access_changed").execute(&mut conn).map_err(|_| "LISTEN failed")?;
    // Keys first, then the cache: whatever changed before LISTEN is read now.
    super::token::ensure_key(&mut conn, gate.sealer()).map_err(|_| "no signing key")?;
    gate.tokens().reload(&mut conn, gate.sealer()).map_err(|_| "keys not readable")?;
    gate.cache().reset(true);
    drop(gate);
    let mut ticks = 0u32;
    loop {
        std::thread::sleep(TICK);
        let Some(gate) = weak.upgrade() else { return Ok(()) };
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
        ticks += 1;
        if ticks.is_multiple_of(25) {
            // A silent, dead connection shows only when it is used.
            diesel::sql_query("SELECT 1").execute(&mut conn).map_err(|_| "connection lost")?;
        }
    }
}
