//! `account create`: the first administrator of a real installation, and anybody else while nobody can sign in.

use clap::Args;
use diesel::Connection as _;

use super::say;
use crate::access::policy::AccountEdit;
use crate::access::{AuditEntry, Gate, Role};
use crate::accounts::{NewAccountRow, create_first, generate_password, hash_password};
use crate::config::Config;

/// What to create.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// admin, coordinator, social_worker, village_operator, agency_officer, partner, auditor.
    #[arg(long)]
    role: String,
    /// User name; the role's name where left out.
    #[arg(long)]
    username: Option<String>,
    /// Name shown to others.
    #[arg(long)]
    name: Option<String>,
    /// Region code or organization id, for roles that need one.
    #[arg(long)]
    scope: Option<String>,
    /// Duties, comma-separated: supervise, publish, approve_money, ratify, override, protect_data.
    #[arg(long, value_delimiter = ',')]
    duties: Vec<String>,
}

pub(super) fn create(config: &Config, new: &Create) -> Result<(), String> {
    let role = Role::parse(&new.role).ok_or("--role is not a role")?;
    let scope = scope_of(role, new.scope.as_deref())?;
    let username = new.username.clone().unwrap_or_else(|| new.role.clone());
    let password = generate_password();
    let hash = hash_password(&password).map_err(|p| p.to_string())?;
    let mut conn =
        diesel::PgConnection::establish(config.database_url.expose()).map_err(|_| "cannot connect to the database")?;
    let gate = Gate::start(config)?;
    gate.system::<AccountEdit, _>(&mut conn, "command line", |w| {
        let row = NewAccountRow {
            username: &username,
            display_name: new.name.as_deref().unwrap_or(&username),
            password_hash: &hash,
            role,
            scope,
            duties: new.duties.iter().map(String::as_str).collect(),
            must_change_password: true,
        };
        let id = create_first(w, &row)?;
        w.audit(AuditEntry {
            action: "account.create",
            subject_kind: "account",
            subject_id: Some(id),
            reason: Some("command line".into()),
            ..AuditEntry::default()
        })
    })
    .map_err(|p| p.to_string())?;
    say(&format!("account {username} ({}) created; first password: {password}", role.slug()));
    Ok(())
}

fn scope_of(role: Role, scope: Option<&str>) -> Result<(&'static str, Option<&str>), String> {
    match (role, scope) {
        (Role::Admin | Role::Coordinator | Role::Auditor, None) => Ok(("city", None)),
        (Role::Admin | Role::Coordinator | Role::Auditor, Some(_)) => {
            Err("this role has the whole city as its scope".into())
        }
        (Role::SocialWorker, Some(_)) => Ok(("kecamatan", scope)),
        (Role::VillageOperator, Some(_)) => Ok(("kelurahan", scope)),
        (Role::AgencyOfficer | Role::Partner, Some(_)) => Ok(("organization", scope)),
        (Role::Citizen, _) => Err("citizen accounts are made by an administrator".into()),
        (_, None) => Err("this role needs --scope".into()),
    }
}
