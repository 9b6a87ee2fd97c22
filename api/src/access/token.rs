//! Access tokens (RFC 9068, checked per RFC 8725) and the keys that sign them.

use std::collections::HashMap;
use std::sync::RwLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::problem::{self, Problem};
use crate::kernel::seal::Sealer;

/// Audience of every access token.
pub const AUDIENCE: &str = "satupintu-api";

/// Claims of an access token. Role and scope are not in it: they come from the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: the public address of the API.
    pub iss: String,
    /// Account or client.
    pub sub: Uuid,
    /// Audience.
    pub aud: String,
    /// OAuth client: the SPA's fixed name or the machine client's id.
    pub client_id: String,
    /// Issued at, seconds.
    pub iat: i64,
    /// Expires at, seconds.
    pub exp: i64,
    /// Token id.
    pub jti: Uuid,
    /// Session, for accounts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sid: Option<Uuid>,
    /// Scopes, for machine clients.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scope: Option<String>,
}

#[derive(Default)]
struct Keys {
    signing: Option<(String, Algorithm, EncodingKey)>,
    verifying: HashMap<String, (Algorithm, DecodingKey)>,
    jwks: serde_json::Value,
}

/// Signs and verifies; keys are reloaded when they change.
pub struct Tokens {
    issuer: String,
    minutes: i64,
    keys: RwLock<Keys>,
}

#[derive(Queryable)]
struct KeyRow {
    kid: String,
    algorithm: String,
    public_key: Vec<u8>,
    private_key: Vec<u8>,
    signs_from: DateTime<Utc>,
    retired_at: Option<DateTime<Utc>>,
}

impl Tokens {
    pub(super) fn new(issuer: String, minutes: i64) -> Self {
        Self { issuer, minutes, keys: RwLock::new(Keys::default()) }
    }

    /// Seconds an access token lives.
    pub fn lifetime(&self) -> i64 {
        self.minutes * 60
    }

    /// Issuer of the tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The public keys, as served.
    pub fn jwks(&self) -> serde_json::Value {
        self.keys.read().map(|k| k.jwks.clone()).unwrap_or_default()
    }

    /// Signs a token for an account's session or a client.
    pub fn issue(
        &self,
        sub: Uuid,
        client_id: &str,
        sid: Option<Uuid>,
        scope: Option<String>,
    ) -> Result<String, Problem> {
        let now = Utc::now().timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            sub,
            aud: AUDIENCE.into(),
            client_id: client_id.into(),
            iat: now,
            exp: now + self.lifetime(),
            jti: Uuid::now_v7(),
            sid,
            scope,
        };
        let keys = self.keys.read().map_err(|_| Problem::internal("key lock"))?;
        let (kid, algorithm, key) =
            keys.signing.as_ref().ok_or_else(|| Problem::unavailable("no signing key loaded"))?;
        let mut header = Header::new(*algorithm);
        header.typ = Some("at+jwt".into());
        header.kid = Some(kid.clone());
        encode(&header, &claims, key).map_err(Problem::internal)
    }

    /// Verifies signature, algorithm, type, issuer, audience and time. What exactly failed is nobody's business.
    pub fn verify(&self, token: &str) -> Result<Claims, Problem> {
        let refused = || Problem::new(&problem::UNAUTHENTICATED);
        let header = decode_header(token).map_err(|_| refused())?;
        if !header
            .typ
            .as_deref()
            .is_some_and(|t| t.eq_ignore_ascii_case("at+jwt") || t.eq_ignore_ascii_case("application/at+jwt"))
        {
            return Err(refused());
        }
        let keys = self.keys.read().map_err(|_| Problem::internal("key lock"))?;
        // The key says which algorithm it is for; what the token says of it decides nothing.
        let (algorithm, key) = header.kid.as_ref().and_then(|kid| keys.verifying.get(kid)).ok_or_else(refused)?;
        let mut validation = Validation::new(*algorithm);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = 5;
        decode::<Claims>(token, key, &validation).map(|data| data.claims).map_err(|_| refused())
    }

    /// Reads the keys that sign or may still verify; makes the first one where there is none.
    pub(super) fn reload(&self, conn: &mut PgConnection, sealer: &Sealer) -> Result<(), Problem> {
        use crate::db::schema::signing_keys::dsl as k;
        let rows: Vec<KeyRow> = k::signing_keys
            .select((k::kid, k::algorithm, k::public_key, k::private_key, k::signs_from, k::retired_at))
            .order((k::signs_from.desc(), k::kid))
            .load(conn)?;
        let mut keys = Keys::default();
        let mut jwks = Vec::new();
        let now = Utc::now();
        for row in rows {
            // A retired key verifies until the last token it signed has expired.
            if row.retired_at.is_some_and(|t| t + chrono::Duration::minutes(self.minutes + 1) < now) {
                continue;
            }
            let (algorithm, verifying, jwk) = public(&row)?;
            if keys.signing.is_none() && row.retired_at.is_none() && row.signs_from <= now {
                let private = sealer
                    .open("signing-key", &row.private_key)
                    .ok_or_else(|| Problem::internal("SATUPINTU_SECRET does not open the signing keys"))?;
                let key = match algorithm {
                    Algorithm::ES256 => EncodingKey::from_ec_der(&private),
                    _ => EncodingKey::from_ed_der(&private),
                };
                keys.signing = Some((row.kid.clone(), algorithm, key));
            }
            jwks.push(jwk);
            keys.verifying.insert(row.kid, (algorithm, verifying));
        }
        keys.jwks = serde_json::json!({ "keys": jwks });
        *self.keys.write().map_err(|_| Problem::internal("key lock"))? = keys;
        Ok(())
    }
}

/// Algorithm, verifying key and JWK of a stored key: ES256, or EdDSA as installations made it at first.
fn public(row: &KeyRow) -> Result<(Algorithm, DecodingKey, serde_json::Value), Problem> {
    if row.algorithm != "ES256" {
        let x = URL_SAFE_NO_PAD.encode(&row.public_key);
        let key = DecodingKey::from_ed_components(&x).map_err(Problem::internal)?;
        let jwk =
            serde_json::json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": row.kid, "x": x});
        return Ok((Algorithm::EdDSA, key, jwk));
    }
    // An uncompressed point: 4, then both coordinates.
    let point = row.public_key.strip_prefix(&[4]).filter(|point| point.len() == 64);
    let (x, y) =
        point.and_then(|point| point.split_at_checked(32)).ok_or_else(|| Problem::internal("not a P-256 key"))?;
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    let key = DecodingKey::from_ec_components(&x, &y).map_err(Problem::internal)?;
    let jwk =
        serde_json::json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": row.kid, "x": x, "y": y});
    Ok((Algorithm::ES256, key, jwk))
}

/// Makes a new signing key and retires the ones before it. Tokens they signed stay valid until they expire.
pub fn rotate(conn: &mut PgConnection, sealer: &Sealer) -> Result<String, Problem> {
    use crate::db::schema::signing_keys::dsl as k;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(Problem::internal)?;
    let der = pair.to_pkcs8v1().map_err(Problem::internal)?;
    let private = sealer.seal("signing-key", der.as_ref()).ok_or_else(|| Problem::internal("sealing failed"))?;
    let kid = Uuid::now_v7().simple().to_string();
    conn.transaction(|conn| {
        diesel::update(k::signing_keys.filter(k::retired_at.is_null()))
            .set(k::retired_at.eq(Utc::now()))
            .execute(conn)?;
        diesel::insert_into(k::signing_keys)
            .values((
                k::kid.eq(&kid),
                k::algorithm.eq("ES256"),
                k::public_key.eq(pair.public_key().as_ref()),
                k::private_key.eq(private),
                k::signs_from.eq(Utc::now()),
            ))
            .execute(conn)?;
        Ok::<_, Problem>(())
    })?;
    Ok(kid)
}

/// Makes the first key where there is none; two instances starting at once make one.
pub fn ensure_key(conn: &mut PgConnection, sealer: &Sealer) -> Result<(), Problem> {
    use crate::db::schema::signing_keys::dsl as k;
    conn.transaction(|conn| {
        diesel::sql_query("LOCK TABLE signing_keys IN EXCLUSIVE MODE").execute(conn)?;
        let alive: i64 = k::signing_keys.filter(k::retired_at.is_null()).count().get_result(conn)?;
        if alive == 0 {
            rotate(conn, sealer)?;
        }
        Ok(())
    })
}
