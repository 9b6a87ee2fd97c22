//! Authentication as middleware and the permit extractor.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::db::Lane;
use super::gate::Gate;
use super::policy::{Action, Mutating};
use super::principal::Principal;
use super::scope::Scope;
use super::session::{Context, Reader, Writer};
use crate::kernel::problem::{self, Problem};

/// Proof that the caller may do `A`. The only way to a database session.
pub struct Permit<A: Action> {
    ctx: Context,
    action: PhantomData<A>,
}

impl<A: Action> Clone for Permit<A> {
    fn clone(&self) -> Self {
        Self { ctx: self.ctx.clone(), action: PhantomData }
    }
}

impl<A: Action> std::fmt::Debug for Permit<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Permit<{}>", A::NAME)
    }
}

impl<A: Action> Permit<A> {
    /// Who asks.
    pub fn principal(&self) -> &Principal {
        &self.ctx.principal
    }
    /// The gate, for tokens and settings.
    pub fn gate(&self) -> &Gate {
        &self.ctx.gate
    }
    /// Id of the request.
    pub fn request_id(&self) -> &str {
        &self.ctx.request_id
    }
    /// Rows the caller may touch.
    pub fn scope(&self) -> &Scope {
        &self.ctx.scope
    }

    /// Reads with single statements on a read-only connection; no transaction is paid for.
    pub async fn read<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let gate = self.ctx.gate.clone();
        gate.read(self.ctx, work).await
    }

    /// Reads several statements of one moment.
    pub async fn snapshot<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let gate = self.ctx.gate.clone();
        gate.snapshot(self.ctx, work).await
    }

    /// One transaction that may write; any error rolls all of it back.
    pub async fn write<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem>
    where
        A: Mutating,
    {
        let gate = self.ctx.gate.clone();
        gate.write(self.ctx, work).await
    }
}

impl<A: Action> FromRequest for Permit<A> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(permit::<A>(req))
    }
}

fn permit<A: Action>(req: &HttpRequest) -> Result<Permit<A>, Problem> {
    let gate = gate(req)?;
    let principal =
        req.extensions().get::<Arc<Principal>>().cloned().unwrap_or_else(|| Arc::new(Principal::anonymous()));
    if !principal.may::<A>() {
        let code = if principal.id.is_nil() { &problem::UNAUTHENTICATED } else { &problem::FORBIDDEN };
        return Err(Problem::new(code));
    }
    let scope = principal.scope_for::<A>();
    let request_id =
        req.extensions().get::<tracing_actix_web::RequestId>().map(ToString::to_string).unwrap_or_default();
    let now = gate.now();
    Ok(Permit { ctx: Context { gate, principal, scope, request_id, now }, action: PhantomData })
}

fn gate(req: &HttpRequest) -> Result<Gate, Problem> {
    req.app_data::<web::Data<Gate>>()
        .map(|g| g.get_ref().clone())
        .ok_or_else(|| Problem::internal("no gate in the application"))
}

/// Address of the caller for throttling. A forwarded one is believed only from as many proxies as are configured.
pub fn address(req: &HttpRequest, gate: &Gate) -> String {
    let peer = req.peer_addr().map(|a| a.ip().to_string()).unwrap_or_default();
    let trusted = gate.config().trusted_proxies;
    let forwarded = req.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if trusted == 0 {
        return peer;
    }
    forwarded.rsplit(',').map(str::trim).nth(trusted - 1).filter(|a| !a.is_empty()).map_or(peer, str::to_owned)
}

/// Marks requests that need no sign-in; set by the router from the OpenAPI document.
#[derive(Debug, Clone, Copy)]
pub struct PublicOperation;

/// Middleware: turns the bearer token into a [`Principal`] before any extractor runs, so that a bad body cannot
/// answer before a missing token.
pub async fn authenticate(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if req.extensions().get::<PublicOperation>().is_none() {
        let principal = identify(req.request()).await?;
        req.extensions_mut().insert(principal);
    }
    next.call(req).await
}

async fn identify(req: &HttpRequest) -> Result<Arc<Principal>, Problem> {
    let refused = || Problem::new(&problem::UNAUTHENTICATED);
    let header = req.headers().get("authorization").ok_or_else(refused)?.to_str().map_err(|_| refused())?;
    let token = match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => return Err(refused()),
    };
    let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    let gate = gate(req)?;
    if let Some(principal) = gate.cache().get(&hash) {
        return Ok(principal);
    }
    let claims = gate.tokens().verify(token)?;
    let expires = DateTime::from_timestamp(claims.exp, 0).unwrap_or_else(Utc::now);
    let principal = gate.db().run(Lane::Read, move |conn| Principal::load(conn, &claims)).await?;
    let principal = Arc::new(principal);
    gate.cache().put(hash, principal.clone(), expires);
    Ok(principal)
}
