import { type APIRequestContext, type Browser, expect, type Page } from '@playwright/test';

// Of the city that this worker has for itself; see playwright.config.ts.
const services = (process.env.E2E_API_URL ?? process.env.API_URL ?? 'http://127.0.0.1:8080').split(
  ' ',
);
export const API = services[Number(process.env.TEST_PARALLEL_INDEX ?? 0) % services.length];
export const PASSWORD = process.env.E2E_PASSWORD ?? 'satu-pintu-demo';

export async function signIn(page: Page, username: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Nama pengguna').fill(username);
  await page.getByLabel('Kata sandi', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Masuk' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Selamat datang/ })).toBeVisible();
}

/** A person at a desk of their own: own cookies, own memory. */
export async function desk(browser: Browser, username: string): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, username);
  return page;
}

export async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: place }).click();
  await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible();
}

/** The API as somebody: facts a journey chooses from, and what must have happened before it begins. */
export async function asRole(request: APIRequestContext, username: string) {
  const answer = await request.post(`${API}/api/v1/auth/login`, {
    data: { username, password: PASSWORD },
  });
  expect(answer.ok()).toBe(true);
  const session = (await answer.json()) as {
    access_token: string;
    account: { grants: { scope_kind: string; scope_ref: string | null }[] };
  };
  return {
    account: session.account,
    async get<T>(path: string): Promise<T> {
      const found = await request.get(`${API}/api/v1${path}`, {
        headers: { Authorization: `Bearer ${session.access_token}` },
      });
      expect(found.ok(), `${path} answered ${found.status()}`).toBe(true);
      return (await found.json()) as T;
    },
    /** Writes, in the version that is there now where the address is a record's. */
    async send<T>(
      method: 'POST' | 'PATCH',
      path: string,
      data: unknown,
      record?: string,
    ): Promise<T> {
      const authorization = `Bearer ${session.access_token}`;
      const seen =
        record &&
        (await request.get(`${API}/api/v1${record}`, {
          headers: { Authorization: authorization },
        }));
      const answered = await request.fetch(`${API}/api/v1${path}`, {
        method,
        data: JSON.stringify(data),
        headers: {
          Authorization: authorization,
          'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
          'Idempotency-Key': crypto.randomUUID(),
          ...(seen ? { 'If-Match': seen.headers().etag ?? '' } : {}),
        },
      });
      expect(answered.ok(), `${path} answered ${answered.status()}`).toBe(true);
      return (await answered.json()) as T;
    },
  };
}

export type Desk = Awaited<ReturnType<typeof asRole>>;

export interface Listed<T> {
  data: T[];
}

export interface Person {
  id: string;
  name: string;
  sex: string | null;
  birth_date: string | null;
  birth_date_precision: string;
  mother_name: string | null;
  life_status: string;
}
export interface Home {
  id: string;
  head_name: string | null;
  region_code: string;
  members: Person[];
}

/** A person the operator knows well enough to enter again, and another family of hers. */
export async function twoHomes(request: APIRequestContext, username: string) {
  const api = await asRole(request, username);
  const homes = await api.get<Listed<{ id: string }>>('/households?status=active&limit=50');
  for (const { id } of homes.data) {
    const home = await api.get<Home>(`/households/${id}`);
    if (!home.head_name) continue;
    const person = home.members.find(
      (one) =>
        one.life_status === 'alive' &&
        // A single name that many have says too little by itself.
        one.name.includes(' ') &&
        one.birth_date &&
        one.birth_date_precision === 'day' &&
        one.mother_name,
    );
    const other = homes.data.find((row) => row.id !== id);
    if (person && other) return { api, home, person, other: other.id };
  }
  throw new Error('nobody is known well enough');
}
