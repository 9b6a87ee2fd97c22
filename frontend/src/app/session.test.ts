import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const account = { id: 'a1', username: 'coordinator', role: 'coordinator' };

function answer(status: number, body?: unknown): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });
}

/** A tiny server: knows which access token is good and counts the renewals. */
function server() {
  const seen = { refreshes: 0, good: 'token-0', open: true };
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const path = new URL(request.url).pathname;
    if (path.endsWith('/auth/login'))
      return answer(200, { access_token: 'token-0', expires_in: 900, account });
    if (path.endsWith('/auth/logout')) return answer(204);
    if (path.endsWith('/auth/refresh')) {
      seen.refreshes += 1;
      await new Promise((done) => setTimeout(done, 5));
      if (!seen.open) return answer(401, { code: 'session_over' });
      seen.good = `token-${seen.refreshes}`;
      return answer(200, { access_token: seen.good, expires_in: 900, account });
    }
    const good = request.headers.get('authorization') === `Bearer ${seen.good}`;
    return good
      ? answer(200, { echo: await request.text() })
      : answer(401, { code: 'token_expired' });
  });
  return seen;
}

async function fresh() {
  vi.resetModules();
  const config = await import('./config');
  vi.spyOn(globalThis, 'fetch').mockResolvedValueOnce(answer(200, { api_url: 'http://api.test/' }));
  await config.loadConfig();
  vi.restoreAllMocks();
  const session = await import('./session');
  const http = await import('~/api/http');
  return { ...session, ...http };
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe('session', () => {
  it('renews once for many requests that were refused together, and sends their bodies again', async () => {
    const app = await fresh();
    const seen = server();
    await app.signIn('coordinator', 'secret');
    seen.good = 'something-else';
    const answers = await Promise.all(
      [1, 2, 3].map((n) => app.call<{ echo: string }>('/things', { method: 'POST', body: { n } })),
    );
    expect(seen.refreshes).toBe(1);
    expect(answers.map((item) => item.data.echo)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  });

  it('keeps the screen and asks for a new sign-in when the session is over', async () => {
    const app = await fresh();
    const seen = server();
    await app.signIn('coordinator', 'secret');
    seen.good = 'something-else';
    seen.open = false;
    await expect(app.get('/things')).rejects.toMatchObject({ status: 401 });
    expect(app.session.get()).toEqual({ status: 'expired', account });
    expect(app.session.token()).toBeNull();
  });

  it('never writes the token where other scripts or a thief of the disk could read it', async () => {
    const app = await fresh();
    server();
    await app.signIn('coordinator', 'secret');
    expect(JSON.stringify({ ...localStorage })).not.toContain('token-0');
    await app.signOut();
    expect(app.session.get()).toEqual({ status: 'anonymous' });
    expect(app.session.token()).toBeNull();
  });

  it('does not ask for a session where there never was one', async () => {
    const app = await fresh();
    const seen = server();
    await app.restore();
    expect(seen.refreshes).toBe(0);
    expect(app.session.get().status).toBe('anonymous');
  });
});
