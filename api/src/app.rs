//! Floor 8: puts the slices together. The only file that names every one of them.

use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::http::Method;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use serde_json::Value;
use tracing_actix_web::TracingLogger;
use utoipa::OpenApi as _;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Gate, authenticate};
use crate::config::Config;
use crate::http::logging::Spans;
use crate::http::{openapi, router};
use crate::jobs;
use crate::meta::Document;

/// Background work by kind, in lanes: work of one lane waits for work of the same lane only. What files and the whole
/// registry ask for may take minutes; who plans waits for seconds.
pub fn jobs() -> Vec<jobs::Registry> {
    let mut registry = crate::imports::jobs();
    registry.push((crate::exports::OPERATION, crate::exports::run));
    registry.push((crate::duplicates::OPERATION, crate::duplicates::run));
    registry.push((crate::retention::REPORT, crate::retention::report));
    registry.push((crate::retention::APPLY, crate::retention::apply));
    registry.push((crate::problems::detect::OPERATION, crate::problems::detect::run));
    let plans: jobs::Registry = vec![
        (crate::allocations::SOLVE, crate::allocations::solve),
        (crate::allocations::EXECUTE, crate::allocations::execute),
    ];
    let matching: jobs::Registry = vec![(crate::matching::OPERATION, crate::matching::run)];
    vec![registry, plans, matching]
}

/// What the worker looks after by the clock.
pub fn chores() -> Vec<jobs::Chore> {
    let slices = [
        crate::organizations::chores(),
        crate::referrals::chores(),
        crate::decisions::chores(),
        crate::quality::chores(),
        crate::duplicates::chores(),
    ];
    slices.into_iter().flatten().collect()
}

/// Background threads beside the jobs: they follow what changes until `stop`.
pub fn follow(gate: &Gate, stop: &std::sync::Arc<std::sync::atomic::AtomicBool>) -> Result<(), String> {
    crate::matching::follow(gate.clone(), stop.clone()).map(|_| ())
}

fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(crate::meta::routes)
        .configure(crate::accounts::routes)
        .configure(crate::regions::routes)
        .configure(crate::codes::routes)
        .configure(crate::organizations::routes)
        .configure(crate::calendars::routes)
        .configure(crate::mandates::routes)
        .configure(crate::operations::routes)
        .configure(crate::views::routes)
        .configure(crate::households::routes)
        .configure(crate::benefits::routes)
        .configure(crate::problems::routes)
        .configure(crate::evidence::routes)
        .configure(crate::instruments::routes)
        .configure(crate::assessments::routes)
        .configure(crate::cases::routes)
        .configure(crate::break_glass::routes)
        .configure(crate::corrections::routes)
        .configure(crate::exports::routes)
        .configure(crate::programs::routes)
        .configure(crate::matching::routes)
        .configure(crate::funding::routes)
        .configure(crate::referrals::routes)
        .configure(crate::services::routes)
        .configure(crate::decisions::routes)
        .configure(crate::allocations::routes)
        .configure(crate::duplicates::routes)
        .configure(crate::retention::routes)
        .configure(crate::quality::routes)
        .configure(crate::imports::routes);
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Satu Pintu",
        version = "1.0.0",
        description = "One door to social welfare for a city: one record by name, by address, by problem; every need with every program; money that follows need; referrals carried to an outcome.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact(name = "Satu Pintu")
    ),
    components(schemas(crate::http::errors::ProblemBody, crate::kernel::problem::FieldError)),
    tags(
        (name = "meta", description = "Health, version, keys and this document."),
        (name = "auth", description = "Sign-in of people and machine clients."),
        (name = "accounts", description = "Accounts, grants and machine clients."),
        (name = "regions", description = "Administrative regions."),
        (name = "codes", description = "Versioned reference lists and their maps from the codes of each source."),
        (name = "calendars", description = "Working days and holidays, by which deadlines are counted."),
        (name = "mandates", description = "Which organization answers for a need, and by when."),
        (name = "organizations", description = "City agencies, ministries, foundations and companies."),
        (name = "households", description = "Families, institutions and people without a home."),
        (name = "individuals", description = "People."),
        (name = "imports", description = "Files of the agencies, from upload to registry."),
        (name = "problems", description = "Needs of households and people."),
        (name = "evidence", description = "Photographs and papers that show what a record says."),
        (name = "instruments", description = "Forms of assessments, as data."),
        (name = "assessments", description = "What a worker found: signed, counter-signed, locked."),
        (name = "cases", description = "A worker's work with one household, from intake to aftercare; visits and tasks."),
        (name = "corrections", description = "Facts that somebody says are wrong, and what became of it."),
        (name = "duplicates", description = "Records that may be one person or one household: found, looked at side by side, merged or told apart."),
        (name = "break_glass", description = "Looks at what one's area and assignments do not open: for a reason, for hours, reviewed."),
        (name = "programs", description = "Programs and their cycles."),
        (name = "matching", description = "Eligibility rules, and which household fulfils which."),
        (name = "funding", description = "Sources of money and their ledger."),
        (name = "referrals", description = "From a verified problem to help received."),
        (name = "allocations", description = "Plans over all needs, programs and budgets, with their proof, and their carrying out."),
        (name = "services", description = "What people ask for at the counter, from intake to a letter."),
        (name = "decisions", description = "What is decided against somebody's interest: told, open to his answer, confirmed by another, reversible."),
        (name = "quality", description = "How complete and fresh the registry is and where sources disagree, down to the rows."),
        (name = "retention", description = "What is kept for how long, legal holds, and runs that destroy what has outlived its time."),
        (name = "letters", description = "Letters, their text, and the public check that one is genuine."),
        (name = "exports", description = "Lists as files."),
        (name = "views", description = "Saved filters, order and columns of a list, for oneself or one's team."),
        (name = "operations", description = "Long work and its progress.")
    )
)]
struct Base;

/// The OpenAPI document, built from the routes without database or server.
pub fn document() -> Value {
    let (_, api) = App::new().into_utoipa_app().openapi(Base::openapi()).configure(routes).split_for_parts();
    openapi::complete(&api)
}

/// Binds and starts the HTTP server.
pub fn serve(gate: Gate, config: &Config, listener: std::net::TcpListener) -> std::io::Result<Server> {
    let document = document();
    let table = web::Data::new(router::Routes::of(&document));
    let document = web::Data::new(Document(document));
    let gate = web::Data::new(gate);
    let finder = web::Data::from(crate::households::search::start(config).map_err(std::io::Error::other)?);
    let origins = config.origins();
    let workers = match config.http_workers {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        n => n,
    };
    let server = HttpServer::new(move || {
        let docs = utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}")
            .config(utoipa_swagger_ui::Config::from("/api/v1/openapi.json").validator_url("none"));
        let (app, _) = App::new().into_utoipa_app().configure(routes).split_for_parts();
        app.app_data(gate.clone())
            .app_data(finder.clone())
            .app_data(table.clone())
            .app_data(document.clone())
            .app_data(web::PayloadConfig::new(2 << 20))
            .service(web::redirect("/docs", "/docs/"))
            .service(docs)
            .wrap(from_fn(router::parameters))
            .wrap(from_fn(authenticate))
            .wrap(from_fn(router::guard))
            .wrap(from_fn(router::finish))
            .wrap(Compress::default())
            .wrap(cors(&origins))
            .wrap(TracingLogger::<Spans>::new())
    })
    .workers(workers)
    // An answer goes out in two writes; without this the second one waits for the client's delayed acknowledgement of
    // the first: forty milliseconds on every second answer over a kept connection.
    .tcp_nodelay(true)
    .shutdown_timeout(20)
    .client_request_timeout(std::time::Duration::from_secs(10))
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}

/// Only pages of the SPA's own origins may call, with the refresh cookie.
fn cors(origins: &[String]) -> Cors {
    let mut cors = Cors::default()
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([
            "authorization",
            "content-type",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "accept",
            "last-event-id",
            "traceparent",
        ])
        .expose_headers([
            "etag",
            "location",
            "link",
            "retry-after",
            "x-request-id",
            "idempotent-replayed",
            "content-disposition",
        ])
        .supports_credentials()
        .max_age(3600);
    for origin in origins {
        cors = cors.allowed_origin(origin);
    }
    cors
}
