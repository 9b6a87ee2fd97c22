"""A machine client written with Authlib: finds the token endpoint, gets a token in both ways of authenticating, holds it
against RFC 9068 with the published keys, and reads with it. CONTRACT_URL is the service."""

import os

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from joserfc import jws
from joserfc.jwk import KeySet

URL = os.environ["CONTRACT_URL"]
CLIENT = ("demo-client", "satu-pintu-demo-client-secret")
AUDIENCE = "satupintu-api"


def get(url, **kwargs):
    return requests.get(url, timeout=20, **kwargs)


metadata = get(f"{URL}/.well-known/oauth-authorization-server").json()
assert metadata["issuer"] == URL, metadata
checked = AuthorizationServerMetadata(metadata)
# Everything but the demand for https, which a service on loopback cannot meet.
for name in checked.REGISTRY_KEYS:
    if name not in ("issuer", "token_endpoint", "jwks_uri"):
        getattr(checked, f"validate_{name}")()

keys = get(metadata["jwks_uri"]).json()
assert keys["keys"] and all(not {"d", "k"} & key.keys() for key in keys["keys"]), "only public keys are published"


class Validator(JWTBearerTokenValidator):
    def get_jwks(self):
        return KeySet.import_key_set(keys)


for method in metadata["token_endpoint_auth_methods_supported"]:
    session = OAuth2Session(*CLIENT, token_endpoint_auth_method=method, scope="programs:read")
    token = session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials", timeout=20)
    assert token["token_type"] == "Bearer" and token["scope"] == "programs:read" and token["expires_in"] <= 900, token
    header = jws.extract_compact(token["access_token"].encode()).headers()
    assert header["typ"] == "at+jwt" and header["alg"] == "ES256" and header["kid"], header
    validator = Validator(issuer=metadata["issuer"], resource_server=AUDIENCE)
    claims = validator.authenticate_token(token["access_token"])
    validator.validate_token(claims, ["programs:read"], None)
    assert claims["client_id"] == CLIENT[0], claims
    answer = session.get(f"{URL}/api/v1/programs", timeout=20)
    assert answer.status_code == 200 and answer.json()["data"], answer.text
    narrow = session.get(f"{URL}/api/v1/households", timeout=20)
    assert narrow.status_code == 403, "a token of one scope opens no other"

try:
    OAuth2Session(CLIENT[0], "wrong").fetch_token(metadata["token_endpoint"], grant_type="client_credentials", timeout=20)
    raise SystemExit("a wrong secret gets no token")
except OAuthError as error:
    assert error.error == "invalid_client", error

refused = get(f"{URL}/api/v1/programs")
assert refused.status_code == 401 and refused.headers["www-authenticate"].startswith("Bearer"), refused.headers
altered = get(f"{URL}/api/v1/programs", headers={"authorization": f"Bearer {token['access_token'][:-4]}AAAA"})
assert altered.status_code == 401 and 'error="invalid_token"' in altered.headers["www-authenticate"], altered.headers
print("oauth: Authlib got, checked and used a token")
