import { expect, test } from '@playwright/test';
import { goTo, signIn } from './helpers';

const menus: Record<string, { sees: string[]; misses: string[] }> = {
  admin: { sees: ['Akun', 'Aplikasi API', 'Daftar kode'], misses: ['Keluarga', 'Impor', 'Dana'] },
  coordinator: { sees: ['Keluarga', 'Impor', 'Dana', 'Rujukan'], misses: [] },
  social_worker: { sees: ['Keluarga', 'Masalah', 'Rujukan'], misses: ['Impor', 'Dana', 'Akun'] },
  partner: { sees: ['Program', 'Rujukan', 'Dana', 'Keluarga'], misses: ['Impor', 'Akun'] },
};

for (const [role, menu] of Object.entries(menus)) {
  test(`${role} signs in and sees the menu of that role`, async ({ page }) => {
    await signIn(page, role);
    const nav = page.getByRole('navigation', { name: 'Menu' }).first();
    for (const place of menu.sees) {
      await expect(nav.getByRole('link', { name: place, exact: true })).toBeVisible();
    }
    for (const place of menu.misses) {
      await expect(nav.getByRole('link', { name: place, exact: true })).toHaveCount(0);
    }
  });
}

test('a wrong password is refused in words, without saying which part was wrong', async ({
  page,
}) => {
  await page.goto('/');
  await page.getByLabel('Nama pengguna').fill('coordinator');
  await page.getByLabel('Kata sandi', { exact: true }).fill('salah-sekali-ini');
  await page.getByRole('button', { name: 'Masuk' }).click();
  await expect(page.getByRole('alert')).toHaveText('Nama pengguna atau kata sandi tidak cocok.');
});

test('the session survives a reload and ends with signing out', async ({ page }) => {
  await signIn(page, 'coordinator');
  await goTo(page, 'Keluarga');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Keluarga' })).toBeVisible();
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(stored).not.toMatch(/eyJ/);
  await page.getByRole('button', { name: /Akun dan tampilan/ }).click();
  await page.getByRole('menuitem', { name: 'Keluar' }).click();
  await expect(page.getByLabel('Nama pengguna')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Nama pengguna')).toBeVisible();
});

test('language and theme are kept on this device', async ({ page }) => {
  await signIn(page, 'coordinator');
  await page.getByRole('button', { name: /Akun dan tampilan/ }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Welcome/ })).toBeVisible();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: /Welcome/ })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

test('keyboard: palette, help, search field and rows', async ({ page }) => {
  await signIn(page, 'coordinator');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Cari menu atau tindakan' }).fill('kelu');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Keluarga' })).toBeVisible();
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Pintasan papan ketik' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await expect(page.locator('[data-search-field]')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.getByRole('row').nth(2)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/households\/[0-9a-f-]{36}/);
});
