//! Logs: one JSON line an event. Paths appear as patterns; bodies, query strings and names never do.

use actix_web::Error;
use actix_web::HttpMessage as _;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};

/// The span around each request.
#[derive(Debug)]
pub struct Spans;

impl RootSpanBuilder for Spans {
    fn on_request_start(req: &ServiceRequest) -> Span {
        let request_id = req.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        super::router::locate(req);
        let trace_id =
            req.headers().get("traceparent").and_then(|v| v.to_str().ok()).and_then(trace_id).unwrap_or_default();
        super::router::with_pattern(
            req,
            |route| tracing::info_span!("request", method = %req.method(), route, request_id, trace_id, status = tracing::field::Empty),
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(res) => res.status().as_u16(),
            Err(error) => error.as_response_error().status_code().as_u16(),
        };
        span.record("status", status);
    }
}

/// The trace id of a W3C `traceparent`, if it is one.
fn trace_id(value: &str) -> Option<String> {
    let mut parts = value.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let hex = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_hexdigit());
    (hex(version, 2) && hex(trace, 32)).then(|| trace.to_owned())
}

/// Starts logging to standard error; `RUST_LOG` chooses what.
pub fn init() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "info,actix_server=warn,tracing_actix_web=off".into());
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}
