// The one way to the API: adds the token, renews it once on 401, turns refusals into ApiProblem.
import { apiUrl } from '~/app/config';
import { expire, refresh, session } from '~/app/session';
import { ApiProblem, NetworkProblem, problemFrom } from './problem';

function withToken(request: Request): Request {
  const token = session.token();
  if (token) request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new NetworkProblem(error);
  }
}

/** `fetch` with the session; never throws on an HTTP status. */
export async function authedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  // A body can be sent once only, so the second attempt needs its own copy.
  const spare = request.clone();
  const response = await send(withToken(request));
  if (response.status !== 401 || session.get().status === 'anonymous') return response;
  if (!(await refresh())) {
    expire();
    return response;
  }
  return send(withToken(spare));
}

export type Query = Record<string, string | number | boolean | string[] | undefined | null>;

export function queryString(query: Query | undefined): string {
  if (!query) return '';
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    for (const item of Array.isArray(value) ? value : [value]) parts.append(key, String(item));
  }
  const text = parts.toString();
  return text ? `?${text}` : '';
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  query?: Query | undefined;
  body?: unknown;
  form?: FormData;
  /** The resource's ETag, sent as `If-Match`. */
  etag?: string | undefined;
  /** One key for one intention; a repeated click gets the first answer. */
  key?: string | undefined;
  signal?: AbortSignal | undefined;
  accept?: string;
}

export interface Answer<T> {
  data: T;
  etag: string | undefined;
  location: string | undefined;
}

export async function rawCall(path: string, options: CallOptions = {}): Promise<Response> {
  const headers = new Headers({ Accept: options.accept ?? 'application/json' });
  let body: BodyInit | undefined;
  if (options.form) body = options.form;
  else if (options.body !== undefined) {
    const patch = options.method === 'PATCH';
    headers.set('Content-Type', patch ? 'application/merge-patch+json' : 'application/json');
    body = JSON.stringify(options.body);
  }
  if (options.etag) headers.set('If-Match', options.etag);
  if (options.key) headers.set('Idempotency-Key', options.key);
  const response = await authedFetch(`${apiUrl()}/api/v1${path}${queryString(options.query)}`, {
    method: options.method ?? 'GET',
    headers,
    ...(body === undefined ? {} : { body }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (!response.ok) throw await problemFrom(response);
  return response;
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const response = await rawCall(path, options);
  const empty = response.status === 204 || response.headers.get('content-length') === '0';
  return {
    data: empty ? (undefined as T) : ((await response.json()) as T),
    etag: response.headers.get('etag') ?? undefined,
    location: response.headers.get('location') ?? undefined,
  };
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await call<T>(path, { query, signal })).data;
}

/** Saves an answer as a file, under the name the server gives it. */
export async function download(path: string, query: Query, fallbackName: string): Promise<void> {
  const response = await rawCall(path, { query, accept: '*/*' });
  const disposition = response.headers.get('content-disposition') ?? '';
  const name = /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? fallbackName;
  saveBlob(await response.blob(), name);
}

export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Revoked later: some browsers start reading only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function newKey(): string {
  return crypto.randomUUID();
}

export { ApiProblem, NetworkProblem };
