// Every screen, both themes, both languages, desk and phone: no violation, no sideways scrolling.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { asRole, type Listed, PASSWORD } from './helpers';

interface Row {
  id: string;
}

const looks = [
  { theme: 'light', language: 'id', width: 1440 },
  { theme: 'dark', language: 'en', width: 1440 },
  { theme: 'dark', language: 'id', width: 360 },
  { theme: 'light', language: 'en', width: 360 },
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
      program: await first('/programs'),
      source: await first('/funding-sources'),
      organization: await first('/organizations'),
      account: await first('/accounts'),
      import: await first('/imports'),
    };
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
    await page.locator('input[name="username"]').fill('coordinator');
    await page.locator('input[name="password"]').fill(PASSWORD);
    await page.locator('button[type="submit"]').click();
    await expect(page.locator('#main h1')).toBeVisible();

    const tabs = ['members', 'housing', 'welfare', 'problems', 'referrals', 'timeline'];
    const paths = [
      '/',
      '/households',
      ...tabs.map((tab) => found.household && `/households/${found.household}?tab=${tab}`),
      '/problems',
      found.problem && `/problems/${found.problem}`,
      '/referrals',
      found.referral && `/referrals/${found.referral}`,
      '/programs',
      '/programs/new',
      found.program && `/programs/${found.program}`,
      '/funding-sources',
      found.source && `/funding-sources/${found.source}`,
      '/imports',
      '/imports/new',
      found.import && `/imports/${found.import}`,
      '/organizations',
      found.organization && `/organizations/${found.organization}`,
      '/accounts',
      found.account && `/accounts/${found.account}`,
      '/account',
      '/code-lists',
      '/code-lists/needs',
      '/does-not-exist',
    ];
    for (const path of paths) {
      if (!path) continue;
      await page.goto(path);
      await expect(page.locator('#main h1, #main h2').first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await check(page, path);
    }
    await context.close();
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
