// Every screen, both themes, both languages, desk and phone: no violation, no sideways scrolling.
// A look and its opposite together show all of that, so each screen is seen in one of two pairs.
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { asRole, type Listed, PASSWORD } from './helpers';

interface Row {
  id: string;
}

const looks = [
  { theme: 'light', language: 'id', width: 1440, pair: 0 },
  { theme: 'dark', language: 'en', width: 360, pair: 0 },
  { theme: 'dark', language: 'id', width: 1440, pair: 1 },
  { theme: 'light', language: 'en', width: 360, pair: 1 },
] as const;

async function check(page: Page, name: string): Promise<void> {
  await expect(page.locator('.skeleton')).toHaveCount(0);
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  expect(sideways, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(
    (item) => `${item.id}: ${item.nodes.map((node) => node.html).join(' | ')}`,
  );
  expect(told, name).toEqual([]);
}

/** Somebody signed in, in this look; the sign-in screen is held to the same. */
async function open(browser: Browser, look: (typeof looks)[number], user: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: look.width, height: 800 } });
  await context.addInitScript(
    ([theme, language]) => {
      localStorage.setItem('sp.theme', theme);
      localStorage.setItem('sp.language', language);
    },
    [look.theme, look.language] as const,
  );
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.locator('input[name="username"]')).toBeVisible();
  await check(page, 'sign-in');
  await page.locator('input[name="username"]').fill(user);
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator('button[type="submit"]').click();
  await expect(page.locator('#main h1')).toBeVisible();
  return page;
}

for (const look of looks) {
  test(`accessible: ${look.theme}, ${look.language}, ${look.width} px`, async ({
    browser,
    request,
  }) => {
    test.setTimeout(420_000);
    const api = await asRole(request, 'coordinator');
    const first = async (path: string) =>
      (await api.get<Listed<Row>>(`${path}?limit=1`)).data[0]?.id;
    const found = {
      household: await first('/households'),
      problem: await first('/problems'),
      referral: await first('/referrals'),
      assessment: await first('/assessments'),
      instrument: await first('/instruments'),
      case: await first('/cases'),
      service: await first('/service-requests'),
      program: await first('/programs'),
      source: await first('/funding-sources'),
      organization: await first('/organizations'),
      account: await first('/accounts'),
      import: await first('/imports'),
      plan: await first('/allocation-plans'),
      calendar: await first('/calendars'),
      template: await first('/letter-templates'),
      profile: await first('/import-profiles'),
      corrected: (await api.get<Listed<{ household_id: string }>>('/corrections?limit=1')).data[0]
        ?.household_id,
      rule: (await api.get<Listed<Row>>('/programs?limit=2&status=published')).data[1]?.id,
      draft: (await api.get<Listed<Row>>('/programs?limit=1&status=draft')).data[0]?.id,
    };
    const page = await open(browser, look, 'coordinator');

    const tabs = [
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
    ];
    const paths = [
      '/',
      '/households',
      ...tabs.map((tab) => found.household && `/households/${found.household}?tab=${tab}`),
      '/problems',
      found.problem && `/problems/${found.problem}`,
      '/tasks',
      '/visits?all=true',
      '/cases',
      found.case && `/cases/${found.case}`,
      '/intake',
      '/service-requests',
      found.service && `/service-requests/${found.service}`,
      '/referrals',
      '/referrals?view=board',
      '/inbox?box=accepted',
      '/deliveries',
      '/waitlist',
      '/disclosures',
      found.referral && `/referrals/${found.referral}`,
      '/assessments',
      found.assessment && `/assessments/${found.assessment}`,
      '/instruments',
      found.instrument && `/instruments/${found.instrument}`,
      '/programs',
      '/programs/new',
      found.program && `/programs/${found.program}`,
      found.draft && `/programs/${found.draft}/edit`,
      found.rule && `/programs/${found.rule}/rule`,
      found.rule && `/programs/${found.rule}/matches`,
      '/matching',
      '/matching?need=pangan',
      '/missing-facts',
      '/allocation-plans',
      '/allocation-plans/new',
      ...['', '/lines', '/left-out', '/money', '/fairness'].map(
        (part) => found.plan && `/allocation-plans/${found.plan}${part}`,
      ),
      '/allocation-plans/compare',
      '/duplicates',
      '/duplicates?status=merged',
      '/programs/0198c0de-0000-7000-8000-000000000001',
      '/funding-sources',
      found.source && `/funding-sources/${found.source}`,
      '/pledges',
      '/imports',
      '/imports/new',
      found.import && `/imports/${found.import}`,
      found.import && `/imports/${found.import}/changes`,
      '/quality',
      '/quality?by=district',
      '/organizations',
      found.organization && `/organizations/${found.organization}`,
      '/accounts',
      found.account && `/accounts/${found.account}`,
      '/account',
      '/code-lists',
      '/code-lists/needs',
      '/calendars',
      found.calendar && `/calendars/${found.calendar}`,
      '/retention',
      '/import-profiles',
      found.profile && `/import-profiles/${found.profile}`,
      '/source-trust',
      '/letter-templates',
      found.template && `/letter-templates/${found.template}`,
      '/corrections',
      '/break-glass',
      found.corrected && `/households/${found.corrected}?tab=corrections`,
      '/overlap-overrides',
      '/does-not-exist',
    ];
    for (const [index, path] of paths.entries()) {
      if (!path || index % 2 !== look.pair) continue;
      await page.goto(path);
      await expect(page.locator('#main h1, #main h2').first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await check(page, path);
    }
    await page.goto('/households?decile=1');
    if (look.width < 600) await page.locator('.list-toggle button').click();
    await page.locator('.list-tools button').first().click();
    await expect(page.locator('.view-form')).toBeVisible();
    await check(page, 'saved views');
    await page.context().close();
  });

  test(`accessible for an administrator: ${look.theme}, ${look.language}, ${look.width} px`, async ({
    browser,
    request,
  }) => {
    test.setTimeout(120_000);
    const api = await asRole(request, 'admin');
    const client = (await api.get<Listed<Row>>('/clients?limit=1')).data[0]?.id;
    const account = (await api.get<Listed<Row>>('/accounts?limit=1')).data[0]?.id;
    const page = await open(browser, look, 'admin');
    for (const path of [
      '/clients',
      `/clients/${client}`,
      `/accounts/${account}`,
      '/code-lists/needs',
      '/households',
    ]) {
      await page.goto(path);
      await expect(page.locator('#main h1').first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await check(page, path);
    }
    await page.goto('/import-profiles/new');
    await page.locator('#main select').selectOption('growth');
    await page.locator('#main input[type=file]').setInputFiles({
      name: 'sample.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('NIK;Nama;Tgl Lahir;Gender\n3273011505200001;Asep;15/05/2020;cowok\n'),
    });
    await page.locator('#main button[type=submit]').click();
    await expect(page.locator('.mapping > li')).toHaveCount(4);
    await check(page, 'a profile in the making');
    await page.goto('/letter-templates');
    await page.locator('.page-head button').click();
    await expect(page.locator('.placeholder-list button').first()).toBeVisible();
    await check(page, 'a text of letters in the making');
    const dialog = page.getByRole('dialog');
    for (const [path, button, name] of [
      ['/clients', '.page-head button', 'new client'],
      ['/accounts', '.page-head button', 'new account'],
      ['/code-lists/needs', 'tbody button', 'edit a code'],
      ['/calendars', '.spread button', 'new calendar'],
      ['/retention', 'tbody button', 'edit a retention class'],
    ] as const) {
      await page.goto(path);
      await page.locator(button).first().click();
      await expect(dialog).toBeVisible();
      await page.waitForLoadState('networkidle');
      await check(page, name);
      await page.keyboard.press('Escape');
    }
    await page.context().close();
  });
}

test('accessible: dialogs', async ({ page, request }) => {
  const api = await asRole(request, 'coordinator');
  const household = (await api.get<Listed<Row>>('/households?limit=1')).data[0];
  await page.goto('/');
  await page.locator('input[name="username"]').fill('coordinator');
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator('button[type="submit"]').click();
  await expect(page.locator('#main h1')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await check(page, 'palette');
  await page.keyboard.press('Escape');
  await page.goto(`/households/${household?.id}`);
  await page.getByRole('button', { name: 'Ubah' }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check(page, 'edit household');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Masalah' }).click();
  await page.getByRole('button', { name: 'Laporkan masalah' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await check(page, 'report a problem');
});
