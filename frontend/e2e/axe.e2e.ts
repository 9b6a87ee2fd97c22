// Every screen, both themes, both languages, desk and phone: no violation, no sideways scrolling.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type APIRequestContext, test as base, expect } from '@playwright/test';
import { API, asRole, type Desk, type Listed, PASSWORD, twoHomes } from './helpers';
import { pairs, Seen, settled } from './looks';

interface Row {
  id: string;
}

/** Records to look at, one of a kind. */
type Found = Awaited<ReturnType<typeof find>>;

interface Shared {
  /** The desk of somebody who signed in once for all tests of this worker. */
  as: (user: string) => Promise<Seen>;
  found: (request: APIRequestContext) => Promise<Found>;
}

const test = base.extend<object, Shared>({
  as: [
    async ({ browser }, use) => {
      const desks = new Map<string, Promise<Seen>>();
      await use((user) => {
        const known =
          desks.get(user) ??
          Seen.open(browser).then(async (seen) => {
            await seen.signIn(user);
            return seen;
          });
        desks.set(user, known);
        return known;
      });
      for (const seen of desks.values()) await (await seen).page.context().close();
    },
    { scope: 'worker' },
  ],
  found: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner wants a pattern
    async ({}, use) => {
      let known: Promise<Found> | undefined;
      await use((request) => {
        known ??= find(request);
        return known;
      });
    },
    { scope: 'worker' },
  ],
});
test.describe.configure({ mode: 'parallel' });

/** A plan that is calculated; made where nobody has made one yet. */
async function plan(api: Desk): Promise<string> {
  const known = (await api.get<Listed<Row>>('/allocation-plans?limit=1')).data[0]?.id;
  const id =
    known ??
    (await api.send<Row>('POST', '/allocation-plans', { name: 'Rencana untuk dilihat' })).id;
  const solved = async () =>
    (await api.get<{ solved_at: string | null }>(`/allocation-plans/${id}`)).solved_at;
  await expect.poll(solved, { timeout: 60_000 }).not.toBeNull();
  return id;
}

/** A program that is still being written. */
async function draft(api: Desk): Promise<string> {
  const known = (await api.get<Listed<Row>>('/programs?status=draft&limit=1')).data[0]?.id;
  if (known) return known;
  const [like] = (await api.get<Listed<{ organization_id: string }>>('/programs?limit=1')).data;
  const made = await api.send<Row>('POST', '/programs', {
    code: `DILIHAT_${Date.now()}`,
    name: { id: 'Program untuk dilihat', en: 'A program to look at' },
    organization_id: like?.organization_id,
    pillar: 'jaminan_sosial',
    needs: ['pendidikan'],
    access_mode: 'referral',
    claim_unit: 'person',
    benefit: { kind: 'scholarship', unit: 'semester', value_idr: 1_500_000, period: 'once' },
  });
  return made.id;
}

/** A file that was read and waits to be reviewed. */
async function imported(api: Desk, request: APIRequestContext): Promise<string> {
  const known = (await api.get<Listed<Row>>('/imports?limit=1')).data[0]?.id;
  if (known) return known;
  const part = (name: string) => ({
    name: `${name}.csv`,
    mimeType: 'text/csv',
    buffer: readFileSync(
      fileURLToPath(new URL(`../../tests/data/agency/${name}.csv`, import.meta.url)),
    ),
  });
  const session = await request.post(`${API}/api/v1/auth/login`, {
    data: { username: 'coordinator', password: PASSWORD },
  });
  const { access_token } = (await session.json()) as { access_token: string };
  const answer = await request.post(`${API}/api/v1/imports`, {
    headers: { Authorization: `Bearer ${access_token}`, 'Idempotency-Key': crypto.randomUUID() },
    multipart: {
      profile: 'dtsen',
      period: '2026-09',
      families: part('dtsen_keluarga'),
      members: part('dtsen_anggota'),
    },
  });
  expect(answer.ok(), `the import answered ${answer.status()}`).toBe(true);
  const { id } = (await answer.json()) as Row;
  const status = async () => (await api.get<{ status: string }>(`/imports/${id}`)).status;
  await expect.poll(status, { timeout: 120_000 }).toBe('validated');
  return id;
}

async function find(request: APIRequestContext) {
  const api = await asRole(request, 'coordinator');
  const first = async (path: string) => {
    const id = (await api.get<Listed<Row>>(`${path}${path.includes('?') ? '&' : '?'}limit=1`))
      .data[0]?.id;
    expect(id, `there is none of ${path} to look at`).toBeTruthy();
    return id ?? '';
  };
  const corrections = await api.get<Listed<{ household_id: string }>>('/corrections?limit=1');
  const programs = await api.get<Listed<Row>>('/programs?limit=2&status=published');
  const districts = await api.get<Listed<{ code: string }>>('/regions?level=kecamatan&limit=1');
  return {
    household: await first('/households'),
    problem: await first('/problems'),
    referral: await first('/referrals'),
    assessment: await first('/assessments'),
    instrument: await first('/instruments'),
    case: await first('/cases'),
    service: await first('/service-requests'),
    program: await first('/programs'),
    draft: await draft(api),
    rule: programs.data[1]?.id ?? '',
    source: await first('/funding-sources'),
    organization: await first('/organizations'),
    account: await first('/accounts'),
    import: await imported(api, request),
    plan: await plan(api),
    calendar: await first('/calendars'),
    template: await first('/letter-templates'),
    profile: await first('/import-profiles'),
    corrected: corrections.data[0]?.household_id ?? '',
    district: districts.data[0]?.code ?? '',
  };
}

const screens: Record<string, (found: Found) => string[]> = {
  households: (found) => [
    '/',
    '/households',
    ...[
      'members',
      'housing',
      'welfare',
      'problems',
      'matches',
      'cases',
      'assessments',
      'referrals',
      'timeline',
      'access',
    ].map((tab) => `/households/${found.household}?tab=${tab}`),
    `/households/${found.corrected}?tab=corrections`,
    '/duplicates',
    '/duplicates?status=merged',
    '/corrections',
    '/decisions',
    '/break-glass',
    '/does-not-exist',
  ],
  cases: (found) => [
    '/problems',
    `/problems/${found.problem}`,
    '/tasks',
    '/visits?all=true',
    '/cases',
    `/cases/${found.case}`,
    '/intake',
    '/service-requests',
    `/service-requests/${found.service}`,
    '/assessments',
    `/assessments/${found.assessment}`,
    '/instruments',
    `/instruments/${found.instrument}`,
  ],
  referrals: (found) => [
    '/referrals',
    '/referrals?view=board',
    '/inbox?box=accepted',
    '/deliveries',
    '/waitlist',
    '/disclosures',
    `/referrals/${found.referral}`,
    '/overlap-overrides',
    '/organizations',
    `/organizations/${found.organization}`,
    '/funding-sources',
    `/funding-sources/${found.source}`,
    '/pledges',
  ],
  matching: (found) => [
    '/programs',
    '/programs/new',
    `/programs/${found.program}`,
    `/programs/${found.draft}/edit`,
    `/programs/${found.rule}/rule`,
    `/programs/${found.rule}/matches`,
    '/programs/0198c0de-0000-7000-8000-000000000001',
    '/matching',
    '/matching?need=pangan',
    '/missing-facts',
    '/allocation-plans',
    '/allocation-plans/new',
    ...['', '/lines', '/left-out', '/money', '/fairness'].map(
      (part) => `/allocation-plans/${found.plan}${part}`,
    ),
    '/allocation-plans/compare',
  ],
  office: (found) => [
    '/imports',
    '/imports/new',
    `/imports/${found.import}`,
    `/imports/${found.import}/changes`,
    '/quality',
    '/quality?by=district',
    '/quality/records',
    `/quality/records?field=phone&finding=missing&region=${found.district}`,
    '/import-profiles',
    `/import-profiles/${found.profile}`,
    '/source-trust',
    '/letter-templates',
    `/letter-templates/${found.template}`,
    '/accounts',
    `/accounts/${found.account}`,
    '/account',
    '/code-lists',
    '/code-lists/needs',
    '/calendars',
    `/calendars/${found.calendar}`,
    '/retention',
  ],
};

for (const [area, pathsOf] of Object.entries(screens)) {
  test(`accessible: ${area}`, async ({ as, found, request }) => {
    test.setTimeout(300_000);
    const paths = pathsOf(await found(request));
    const seen = await as('coordinator');
    for (const [index, path] of paths.entries()) {
      await (index === 0 ? seen.load(path) : seen.go(path));
      await seen.check(path, pairs[index % 2] ?? []);
    }
  });
}

test('accessible: signing in', async ({ browser }) => {
  const seen = await Seen.open(browser);
  await seen.check('sign-in', pairs.flat());
  await seen.page.context().close();
});

for (const [user, pathsOf] of Object.entries({
  auditor: () => ['/', '/source-trust', '/quality?by=region', '/matching', '/duplicates'],
  social_worker: () => ['/', '/matching', '/missing-facts'],
  village_operator: () => ['/', '/imports'],
  agency_officer: () => ['/', '/programs'],
  partner: (found: Found) => ['/', `/programs/${found.rule}/matches`],
  citizen: () => ['/'],
})) {
  test(`accessible for ${user}`, async ({ as, found, request }) => {
    const paths = pathsOf(await found(request));
    const seen = await as(user);
    for (const [index, path] of paths.entries()) {
      await seen.go(path);
      await seen.check(`${path} of ${user}`, pairs[index % 2] ?? []);
    }
    await seen.page.context().close();
  });
}

test('accessible: saved views', async ({ as }) => {
  const seen = await as('coordinator');
  for (const look of pairs.flat()) {
    // Loaded anew, so that nothing is open from the look before.
    await seen.load('/households?decile=1');
    await seen.wear(look);
    if (look.width < 600) await seen.page.locator('.list-toggle button').click();
    await seen.page.locator('.list-tools button').first().click();
    await expect(seen.page.locator('.view-form')).toBeVisible();
    await seen.check('saved views', [look]);
  }
});

test('accessible for an administrator', async ({ as, request }) => {
  test.setTimeout(180_000);
  const api = await asRole(request, 'admin');
  const client = (await api.get<Listed<Row>>('/clients?limit=1')).data[0]?.id;
  const account = (await api.get<Listed<Row>>('/accounts?limit=1')).data[0]?.id;
  const seen = await as('admin');
  const { page } = seen;
  const looks = pairs.flat();
  for (const path of [
    '/clients',
    `/clients/${client}`,
    `/accounts/${account}`,
    '/code-lists/needs',
    '/households',
  ]) {
    await seen.go(path);
    await seen.check(path, looks);
  }
  await seen.go('/import-profiles/new');
  await page.locator('#main select').selectOption('growth');
  await page.locator('#main input[type=file]').setInputFiles({
    name: 'sample.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('NIK;Nama;Tgl Lahir;Gender\n3273011505200001;Asep;15/05/2020;cowok\n'),
  });
  await page.locator('#main button[type=submit]').click();
  await expect(page.locator('.mapping > li')).toHaveCount(4);
  await seen.check('a profile in the making', looks);
  await seen.go('/letter-templates');
  await page.locator('.page-head button').click();
  await expect(page.locator('.placeholder-list button').first()).toBeVisible();
  await seen.check('a text of letters in the making', looks);
  for (const [path, button, name] of [
    ['/clients', '.page-head button', 'new client'],
    ['/accounts', '.page-head button', 'new account'],
    ['/code-lists/needs', 'tbody button', 'edit a code'],
    ['/calendars', '.spread button', 'new calendar'],
    ['/retention', 'tbody button', 'edit a retention class'],
    ['/source-trust', '.page-head button', 'propose a rank'],
  ] as const) {
    await seen.load(path);
    await page.locator(button).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await settled(page);
    await seen.check(name, looks);
  }
});

test('accessible: dialogs', async ({ as, found, request }) => {
  const { household } = await found(request);
  const { person, other } = await twoHomes(request, 'coordinator');
  const seen = await as('coordinator');
  const { page } = seen;
  const looks = pairs.flat();
  const open = async (name: string) => {
    await expect(page.getByRole('dialog')).toBeVisible();
    await settled(page);
    await seen.check(name, looks);
    // The looks end in English; the names below are Indonesian.
    await seen.wear(pairs[0][0]);
  };
  await seen.load('/');
  await seen.wear(pairs[0][0]);
  await page.keyboard.press('Control+k');
  await open('palette');
  await seen.load(`/households/${household}`);
  await page.getByRole('button', { name: 'Ubah' }).first().click();
  await open('edit household');
  await seen.load(`/households/${household}`);
  await page.getByRole('tab', { name: 'Masalah' }).click();
  await page.getByRole('button', { name: 'Laporkan masalah' }).click();
  await open('report a problem');
  await seen.load(`/households/${other}`);
  await page.getByRole('button', { name: 'Tambah anggota' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel(/^Nama(?! ibu)/)
    .first()
    .fill(person.name);
  await dialog.getByLabel('Tanggal lahir').fill(person.birth_date ?? '');
  await dialog.getByLabel('Nama ibu').fill(person.mother_name ?? '');
  await expect(dialog.getByRole('article').first()).toBeVisible();
  await open('who is recorded already');
});
