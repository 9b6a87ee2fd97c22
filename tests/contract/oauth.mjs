// The same client written with openid-client, and a resource server's strict check (RFC 9068) of the token it got.
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import assert from 'node:assert/strict';

const url = new URL(process.env.CONTRACT_URL);
const [id, secret] = ['demo-client', 'satu-pintu-demo-client-secret'];
// Loopback has no TLS.
const insecure = { [oauth.allowInsecureRequests]: true };

for (const authentication of [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)]) {
  const config = await client.discovery(url, id, undefined, authentication, {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  });
  const token = await client.clientCredentialsGrant(config, { scope: 'programs:read' });
  assert.equal(token.token_type, 'bearer');
  assert.equal(token.scope, 'programs:read');

  const asked = new Request(new URL('/api/v1/programs', url), { headers: { authorization: `Bearer ${token.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(config.serverMetadata(), asked, 'satupintu-api', {
    ...insecure,
    signingAlgorithms: ['ES256'],
  });
  assert.equal(claims.client_id, id);
  const answer = await client.fetchProtectedResource(config, token.access_token, new URL('/api/v1/programs', url), 'GET');
  assert.equal(answer.status, 200);
  assert.ok((await answer.json()).data.length > 0);
}

const wrong = await client.discovery(url, id, undefined, client.ClientSecretBasic('wrong'), {
  algorithm: 'oauth2',
  execute: [client.allowInsecureRequests],
});
await assert.rejects(client.clientCredentialsGrant(wrong, {}), (error) => error.error === 'invalid_client' || error.cause?.[0]?.scheme === 'basic');
console.log('oauth: openid-client got, checked and used a token');
