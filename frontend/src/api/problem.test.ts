import { describe, expect, it } from 'vitest';
import { ApiProblem, pointerToField, problemFrom } from './problem';

describe('problem', () => {
  it('reads an RFC 9457 answer', async () => {
    const response = new Response(
      JSON.stringify({
        title: 'Stale version',
        code: 'version_stale',
        errors: [{ pointer: '/members/0/name', code: 'required', detail: 'missing' }],
        request_id: 'r-1',
      }),
      { status: 412 },
    );
    const problem = await problemFrom(response);
    expect(problem).toMatchObject({ status: 412, code: 'version_stale', requestId: 'r-1' });
    expect(pointerToField(problem.errors[0]?.pointer ?? '')).toBe('members.0.name');
  });

  it('survives a page of HTML from a proxy', async () => {
    const problem = await problemFrom(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem.code).toBe('http_502');
  });

  it('knows how long to wait', async () => {
    const response = new Response('{}', { status: 503, headers: { 'Retry-After': '7' } });
    expect((await problemFrom(response)).retryAfter).toBe(7);
  });
});
