// Keeps a draft on the server while somebody works on it: sends what changed a moment after the last
// change, one request at a time, and never drops an answer because a request failed.
import type { Answer } from '~/api/http';
import { ApiProblem, NetworkProblem } from '~/api/problem';

export type Flat = Record<string, unknown>;

/**
 * saved: the server has everything; dirty: about to be sent; saving: on its way; offline: not
 * reached, tried again; refused: something needs the person; clash: changed elsewhere meanwhile.
 */
export type SaveState = 'saved' | 'dirty' | 'saving' | 'offline' | 'refused' | 'clash';

export interface Snapshot<T> {
  /** What the server last said. */
  seen: Answer<T>;
  /** That, with everything typed since. */
  values: Flat;
  state: SaveState;
  /** Code of the refusal by field; such a field is not sent until it changes. */
  refused: Record<string, string>;
  error: unknown;
  clash: { base: Flat; mine: Flat; theirs: Flat } | null;
}

export interface Desk<T> {
  send: (changes: Flat, etag: string | undefined) => Promise<Answer<T>>;
  read: () => Promise<Answer<T>>;
  flatten: (value: T) => Flat;
  /** The field that a refusal's pointer means, among those sent. */
  field: (pointer: string) => string;
  onSaved?: (answer: Answer<T>) => void;
}

export const PAUSE = 800;
const LONGEST = 30_000;

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const passing = (error: unknown) =>
  error instanceof NetworkProblem ||
  (error instanceof ApiProblem && (error.status === 429 || error.status >= 500));

export class Autosave<T> {
  private readonly desk: Desk<T>;
  private readonly listeners = new Set<() => void>();
  private snapshot: Snapshot<T>;
  private pending: Flat = {};
  private flying: Flat | null = null;
  private theirs: Answer<T> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private current: Promise<void> | null = null;

  constructor(seen: Answer<T>, desk: Desk<T>) {
    this.desk = desk;
    this.snapshot = {
      seen,
      values: desk.flatten(seen.data),
      state: 'saved',
      refused: {},
      error: null,
      clash: null,
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get = (): Snapshot<T> => this.snapshot;

  get clean(): boolean {
    return this.flying === null && Object.keys(this.pending).length === 0;
  }

  private publish(part: Partial<Snapshot<T>>): void {
    const next = { ...this.snapshot, ...part };
    next.values = { ...this.desk.flatten(next.seen.data), ...this.flying, ...this.pending };
    this.snapshot = next;
    for (const listener of this.listeners) listener();
  }

  /** A newer version arrived by another way; taken only where nothing waits to be sent. */
  adopt(seen: Answer<T>): void {
    if (this.clean && seen.etag !== this.snapshot.seen.etag) this.publish({ seen, error: null });
  }

  /** A value the form itself refuses is kept and shown, but not sent. */
  change(field: string, value: unknown, refusal?: string): void {
    const { [field]: _before, ...refused } = this.snapshot.refused;
    const base = this.desk.flatten(this.snapshot.seen.data)[field];
    if (this.flying === null && same(base, value)) delete this.pending[field];
    else this.pending[field] = value ?? null;
    this.publish({
      refused: refusal === undefined ? refused : { ...refused, [field]: refusal },
      error: null,
    });
    if (this.snapshot.clash === null) this.wait(PAUSE);
  }

  private sendable(): Flat {
    const entries = Object.entries(this.pending);
    return Object.fromEntries(entries.filter(([field]) => !(field in this.snapshot.refused)));
  }

  /** Says how things stand, and sends after a while what can be sent. */
  private wait(milliseconds: number): void {
    clearTimeout(this.timer);
    if (this.flying !== null) return;
    if (Object.keys(this.sendable()).length === 0) {
      this.publish({ state: this.clean ? 'saved' : 'refused' });
      return;
    }
    this.publish({ state: this.tries > 0 ? 'offline' : 'dirty' });
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  private send(): void {
    clearTimeout(this.timer);
    if (this.flying !== null || this.snapshot.clash !== null) return;
    const changes = this.sendable();
    if (Object.keys(changes).length === 0) return;
    for (const field of Object.keys(changes)) delete this.pending[field];
    this.flying = changes;
    this.publish({ state: 'saving' });
    this.current = this.fly(changes);
  }

  private async fly(changes: Flat): Promise<void> {
    try {
      const seen = await this.desk.send(changes, this.snapshot.seen.etag);
      this.flying = null;
      this.tries = 0;
      this.publish({ seen, error: null });
      this.desk.onSaved?.(seen);
      this.wait(PAUSE);
    } catch (failure) {
      this.flying = null;
      this.pending = { ...changes, ...this.pending };
      await this.failed(failure, changes);
    }
  }

  private async failed(failure: unknown, changes: Flat): Promise<void> {
    if (failure instanceof ApiProblem && failure.status === 412) {
      try {
        this.meet(await this.desk.read());
      } catch (again) {
        if (again instanceof ApiProblem && again.status === 412) throw again;
        await this.failed(again, changes);
      }
      return;
    }
    if (passing(failure)) {
      this.tries += 1;
      this.publish({ error: failure });
      this.wait(Math.min(1000 * 2 ** this.tries, LONGEST));
      return;
    }
    const refused = { ...this.snapshot.refused };
    let named = false;
    for (const item of failure instanceof ApiProblem ? failure.errors : []) {
      const field = this.desk.field(item.pointer);
      if (!(field in changes)) continue;
      named = true;
      // What was typed since may be right: only what was refused waits for the person.
      if (same(this.pending[field], changes[field])) refused[field] = item.code;
    }
    this.publish({ refused, error: failure, state: 'refused' });
    if (named) this.wait(PAUSE);
  }

  /** The server's version is another: go on where nothing overlaps, otherwise let the person choose. */
  private meet(theirs: Answer<T>): void {
    const base = this.desk.flatten(this.snapshot.seen.data);
    const now = this.desk.flatten(theirs.data);
    const overlaps = Object.keys(this.pending).some(
      (field) => !same(now[field], base[field]) && !same(now[field], this.pending[field]),
    );
    if (!overlaps) {
      this.publish({ seen: theirs });
      this.wait(PAUSE);
      return;
    }
    this.theirs = theirs;
    const mine = { ...base, ...this.pending };
    this.publish({ state: 'clash', clash: { base, mine, theirs: now } });
  }

  /** The person chose: these of his values are kept, the rest is the server's. */
  settle(keep: Flat): void {
    if (!this.theirs) return;
    const seen = this.theirs;
    this.theirs = null;
    this.pending = { ...keep };
    this.publish({ seen, clash: null, refused: {}, error: null });
    this.desk.onSaved?.(seen);
    this.wait(0);
  }

  /** Sends now what waits; true once the server has everything. */
  async flush(): Promise<boolean> {
    for (let round = 0; round < 5 && !this.clean; round += 1) {
      if (this.flying === null) this.send();
      if (this.flying === null) break;
      await this.current;
      if (this.snapshot.state === 'offline') break;
    }
    return this.clean;
  }

  /** Tries at once, for example when the connection is back. */
  retry(): void {
    if (this.snapshot.state === 'offline') this.wait(0);
  }
}
