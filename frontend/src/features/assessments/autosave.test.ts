import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '~/api/http';
import { ApiProblem, NetworkProblem } from '~/api/problem';
import { Autosave, type Flat, PAUSE } from './autosave';

/** A server of one record that answers when told to. */
class Server {
  version = 1;
  record: Flat = { a: null };
  sent: { changes: Flat; etag: string | undefined }[] = [];
  failures: unknown[] = [];
  hold: Promise<void> | null = null;

  answer(): Answer<Flat> {
    return { data: { ...this.record }, etag: `"${this.version}"`, location: undefined };
  }

  desk() {
    return {
      send: async (changes: Flat, etag: string | undefined) => {
        this.sent.push({ changes, etag });
        await this.hold;
        const failure = this.failures.shift();
        if (failure) throw failure;
        if (etag !== `"${this.version}"`) throw new ApiProblem(412, { code: 'stale_version' });
        this.change(changes);
        return this.answer();
      },
      read: async () => this.answer(),
      flatten: (value: Flat) => value,
      field: (pointer: string) => pointer.slice(1),
    };
  }

  change(changes: Flat) {
    this.record = { ...this.record, ...changes };
    this.version += 1;
  }
}

let server: Server;
let saver: Autosave<Flat>;
const state = () => saver.get().state;
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  saver = new Autosave(server.answer(), server.desk());
});
afterEach(() => vi.useRealTimers());

describe('autosave', () => {
  it('sends once, a while after the last change', async () => {
    saver.change('a', 1);
    await pass(PAUSE - 1);
    saver.change('a', 2);
    expect([state(), server.sent.length]).toEqual(['dirty', 0]);
    await pass(PAUSE - 1);
    expect(server.sent).toHaveLength(0);
    await pass(1);
    expect([state(), server.record.a, server.sent.length]).toEqual(['saved', 2, 1]);
  });

  it('keeps one request in flight and sends the rest after it with the new version', async () => {
    let release = () => {};
    server.hold = new Promise((done) => {
      release = done;
    });
    saver.change('a', 1);
    await pass(PAUSE);
    expect(state()).toBe('saving');
    saver.change('b', 2);
    await pass(5 * PAUSE);
    expect(server.sent).toHaveLength(1);
    expect(saver.get().values).toEqual({ a: 1, b: 2 });
    release();
    await pass(PAUSE);
    expect(server.sent.map((one) => one.etag)).toEqual(['"1"', '"2"']);
    expect([state(), server.record]).toEqual(['saved', { a: 1, b: 2 }]);
  });

  it('keeps what was typed while the network is away, and sends it when it is back', async () => {
    server.failures = [new NetworkProblem(), new ApiProblem(503, {})];
    saver.change('a', 1);
    await pass(PAUSE);
    expect([state(), saver.get().values.a, saver.clean]).toEqual(['offline', 1, false]);
    saver.change('b', 2);
    saver.retry();
    await pass(1);
    expect([state(), saver.get().values]).toEqual(['offline', { a: 1, b: 2 }]);
    await pass(30_000);
    expect([state(), server.record]).toEqual(['saved', { a: 1, b: 2 }]);
  });

  it('goes on where somebody else changed something else', async () => {
    server.change({ other: 5 });
    saver.change('a', 1);
    await pass(2 * PAUSE);
    expect([state(), server.record]).toEqual(['saved', { a: 1, other: 5 }]);
  });

  it.each([
    ['mine', 1],
    ['theirs', 7],
  ])('lets the person choose where both changed the same: %s', async (choice, kept) => {
    server.change({ a: 7 });
    saver.change('a', 1);
    await pass(2 * PAUSE);
    expect(state()).toBe('clash');
    expect(saver.get().clash).toEqual({ base: { a: null }, mine: { a: 1 }, theirs: { a: 7 } });
    // Nothing is sent over the other's head while the question stands.
    saver.change('b', 3);
    await pass(10_000);
    expect(server.sent).toHaveLength(1);
    saver.settle(choice === 'mine' ? { a: 1, b: 3 } : { b: 3 });
    await pass(PAUSE);
    expect([state(), server.record]).toEqual(['saved', { a: kept, b: 3 }]);
  });

  it('keeps a refused value on the screen and saves the others', async () => {
    const errors = [{ pointer: '/a', code: 'range', detail: '' }];
    server.failures = [new ApiProblem(422, { code: 'validation_failed', errors })];
    saver.change('a', 99);
    saver.change('b', 2);
    await pass(2 * PAUSE);
    expect([state(), saver.get().refused, saver.get().values.a]).toEqual([
      'refused',
      { a: 'range' },
      99,
    ]);
    expect(server.record).toEqual({ a: null, b: 2 });
    saver.change('a', 6);
    await pass(PAUSE);
    expect([state(), server.record.a, saver.get().refused]).toEqual(['saved', 6, {}]);
  });

  it('does not send what the form refuses itself', async () => {
    saver.change('a', 'abc', 'wrong_type');
    await pass(PAUSE);
    expect([state(), server.sent.length, saver.clean]).toEqual(['refused', 0, false]);
    expect(await saver.flush()).toBe(false);
  });

  it('stops at a final refusal without losing the answer', async () => {
    server.failures = [new ApiProblem(409, { code: 'wrong_state' })];
    saver.change('a', 1);
    await pass(60_000);
    expect([state(), server.sent.length, saver.get().values.a]).toEqual(['refused', 1, 1]);
  });

  it('flushes what waits, and says whether it worked', async () => {
    saver.change('a', 1);
    expect(await saver.flush()).toBe(true);
    expect(server.record.a).toBe(1);
    server.failures = [new NetworkProblem()];
    saver.change('a', 2);
    expect(await saver.flush()).toBe(false);
  });

  it('has nothing to send once a change is taken back', async () => {
    saver.change('a', 1);
    saver.change('a', null);
    await pass(PAUSE);
    expect([state(), server.sent.length]).toEqual(['saved', 0]);
  });
});
