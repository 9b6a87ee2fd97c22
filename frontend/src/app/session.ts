// The signed-in account. The access token lives in this module's memory only; the refresh token is
// a cookie that scripts cannot read. Tabs share one refresh cookie that the server rotates, so
// refreshing is serialised over all tabs: two at once would look like a stolen token.
import { type ApiProblem, NetworkProblem, problemFrom } from '~/api/problem';
import { apiUrl } from './config';

export interface Grant {
  role: string;
  duties?: string[];
  scope_kind?: string;
  scope_ref?: string | null;
  organization_id?: string | null;
}

export interface Account {
  id: string;
  username: string;
  display_name?: string | null;
  role?: string;
  roles?: string[];
  grants?: Grant[];
  organization_id?: string | null;
  totp_enabled?: boolean;
  must_change_password?: boolean;
  [key: string]: unknown;
}

interface TokenAnswer {
  access_token: string;
  expires_in: number;
  account?: Account;
}

export type SessionState =
  | { status: 'starting' }
  | { status: 'anonymous' }
  | { status: 'authenticated'; account: Account }
  /** Signed out by the server while work is on the screen: sign in again on top of it. */
  | { status: 'expired'; account: Account };

const HINT = 'sp.session';
const listeners = new Set<() => void>();
let state: SessionState = { status: 'starting' };
let token: string | null = null;
let refreshing: Promise<boolean> | null = null;
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('sp.session');

function set(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function hint(on: boolean): void {
  try {
    if (on) localStorage.setItem(HINT, '1');
    else localStorage.removeItem(HINT);
  } catch {
    // Without storage the page simply asks the server each time it is loaded.
  }
}

function mayHaveSession(): boolean {
  try {
    return localStorage.getItem(HINT) === '1';
  } catch {
    return true;
  }
}

async function post(path: string, body?: unknown): Promise<Response> {
  try {
    return await fetch(`${apiUrl()}/api/v1/auth/${path}`, {
      method: 'POST',
      credentials: 'include',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new NetworkProblem(error);
  }
}

async function accept(answer: TokenAnswer): Promise<void> {
  token = answer.access_token;
  const account = answer.account ?? (await fetchAccount());
  hint(true);
  set({ status: 'authenticated', account });
}

async function fetchAccount(): Promise<Account> {
  const response = await fetch(`${apiUrl()}/api/v1/auth/me`, {
    headers: { Authorization: `Bearer ${token ?? ''}` },
  });
  if (!response.ok) throw await problemFrom(response);
  const body = (await response.json()) as Account | { account: Account };
  return 'account' in body && body.account ? (body.account as Account) : (body as Account);
}

async function locked<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator === 'undefined' || !navigator.locks) return work();
  return navigator.locks.request('sp.refresh', work) as Promise<T>;
}

/** Gets a new access token; false when the session is over. One request however many ask. */
export function refresh(): Promise<boolean> {
  refreshing ??= locked(async () => {
    const response = await post('refresh');
    if (response.ok) {
      await accept((await response.json()) as TokenAnswer);
      return true;
    }
    if (response.status === 401 || response.status === 403) return false;
    throw await problemFrom(response);
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** At the start of the page: is there still a session behind the cookie? */
export async function restore(): Promise<void> {
  if (mayHaveSession()) {
    try {
      if (await refresh()) return;
      hint(false);
    } catch {
      // Offline or the service is away: the sign-in screen says so when it is used.
    }
  }
  set({ status: 'anonymous' });
}

/** @throws ApiProblem with code `totp_required` when the account has a second factor. */
export async function signIn(username: string, password: string, totp?: string): Promise<void> {
  const body = totp ? { username, password, totp } : { username, password };
  const response = await post('login', body);
  if (!response.ok) throw (await problemFrom(response)) as ApiProblem;
  await accept((await response.json()) as TokenAnswer);
}

export async function signOut(): Promise<void> {
  try {
    await post('logout');
  } catch {
    // Offline: the local session ends anyway; the cookie dies by its own expiry.
  }
  forget();
  channel?.postMessage('signed-out');
}

function forget(): void {
  token = null;
  hint(false);
  set({ status: 'anonymous' });
}

/** The server refused our token and would not renew it. */
export function expire(): void {
  token = null;
  if (state.status === 'authenticated') set({ status: 'expired', account: state.account });
}

/** Shows a changed own account (name, second factor) without a new sign-in. */
export function updateAccount(account: Account): void {
  if (state.status === 'authenticated') set({ status: 'authenticated', account });
}

if (channel) {
  channel.onmessage = (event: MessageEvent) => {
    if (event.data === 'signed-out') forget();
  };
}

export const session = {
  get: (): SessionState => state,
  token: (): string | null => token,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
