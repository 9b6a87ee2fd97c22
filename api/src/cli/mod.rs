//! Subcommands of the one binary.

mod account;
mod allocate;
mod demo;
mod import;
mod link;
mod serve;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// One door to social welfare for a city.
#[derive(Debug, Parser)]
#[command(name = "satupintu", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (and do background work, unless WORKER=off).
    Serve,
    /// Do background work only.
    Worker,
    /// Bring the database to this version and load the reference data.
    Migrate,
    /// Load the demo city, or write it as the agencies' files.
    Demo(demo::Demo),
    /// Print the OpenAPI document.
    Openapi,
    /// Import files of this machine.
    Import(import::Import),
    /// Divide programs and money among needs, from files to a file. Needs no database.
    Allocate(allocate::Allocate),
    /// Find the rows of a CSV file that are one person; needs no database.
    Link(link::Link),
    /// Accounts made on the server itself.
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Signing keys.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a new signing key; tokens of the old one stay valid until they expire.
    Rotate,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Create an account with a grant that is in force at once, and print its first password.
    Create(account::Create),
}

/// Why a command ended early.
#[derive(Debug)]
pub struct Failure {
    /// A sentence for the operator.
    pub message: String,
    /// Exit code: 2 where what was given cannot be used, 1 for everything else.
    pub code: u8,
}

/// Runs the command line.
pub fn run() -> Result<(), Failure> {
    let command = Cli::parse().command;
    let code = if matches!(command, Command::Link(_)) { 2 } else { 1 };
    dispatch(command).map_err(|message| Failure { message, code })
}

fn dispatch(command: Command) -> Result<(), String> {
    match command {
        Command::Openapi => serve::print_document(),
        Command::Serve => serve::serve(Config::from_env()?),
        Command::Worker => serve::worker(Config::from_env()?),
        Command::Migrate => migrate(&Config::from_env()?),
        Command::Demo(city) => demo::run(&city),
        Command::Allocate(files) => allocate::run(&files),
        Command::Import(files) => import::run(&Config::from_env()?, &files),
        Command::Link(files) => link::run(&files),
        Command::Account { command: AccountCommand::Create(new) } => account::create(&Config::from_env()?, &new),
        Command::Keys { command: KeysCommand::Rotate } => rotate(&Config::from_env()?),
    }
}

/// Name of the service's role where it is not the owner.
fn service_role(config: &Config) -> Option<String> {
    config.migrate_database_url.as_ref()?;
    let mut conn = <diesel::PgConnection as diesel::Connection>::establish(config.database_url.expose()).ok()?;
    let role: String = diesel::RunQueryDsl::get_result(
        diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("current_user::text")),
        &mut conn,
    )
    .ok()?;
    Some(role)
}

fn migrate(config: &Config) -> Result<(), String> {
    let ran = crate::db::migrate::run(config.owner_url(), service_role(config).as_deref())?;
    let mut owner = <diesel::PgConnection as diesel::Connection>::establish(config.owner_url())
        .map_err(|_| "cannot connect to the database")?;
    let loaded = crate::reference::load(&mut owner).map_err(|e| format!("reference data: {e}"))?;
    crate::instruments::load(&mut owner).map_err(|e| format!("instruments: {e}"))?;
    crate::imports::load_profiles(&mut owner).map_err(|e| format!("import profiles: {e}"))?;
    say(&format!(
        "{ran} migrations run; {} regions, {} code entries and {} code maps added",
        loaded.regions, loaded.entries, loaded.maps
    ));
    Ok(())
}

fn rotate(config: &Config) -> Result<(), String> {
    use diesel::Connection as _;
    let mut conn =
        diesel::PgConnection::establish(config.database_url.expose()).map_err(|_| "cannot connect to the database")?;
    let sealer = crate::kernel::seal::Sealer::new(&config.secret_bytes());
    let kid = crate::access::rotate(&mut conn, &sealer).map_err(|p| p.to_string())?;
    say(&format!("tokens are now signed by key {kid}"));
    Ok(())
}

/// Prints a line for the operator; one who has closed the pipe (`| head`) wants no more of it, and that is no fault.
pub(crate) fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}");
}
