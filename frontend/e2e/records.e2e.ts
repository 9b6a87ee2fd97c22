// What goes with every list and record: views for oneself and the team, results beyond the first
// page, the way from record to record, who viewed one, and a record that is not to be had.
import { expect, test } from '@playwright/test';
import { asRole, desk, goTo, type Listed, signIn } from './helpers';

test('a view is kept by the service and shared with the team, and with nobody else', async ({
  browser,
}) => {
  const name = `Desil 1 ${Date.now() % 100_000}`;
  const owner = await desk(browser, 'social_worker');
  await goTo(owner, 'Keluarga');
  await owner.getByLabel('Desil').selectOption('1');
  await expect(owner.getByRole('button', { name: /Desil 1.*hapus saringan/ })).toBeVisible();
  await owner.getByRole('button', { name: 'Kolom' }).click();
  await owner.getByRole('checkbox', { name: 'Anggota', exact: true }).uncheck();
  await owner.keyboard.press('Escape');
  await owner.getByRole('button', { name: 'Tampilan tersimpan' }).click();
  await owner.getByLabel('Simpan saringan ini sebagai').fill(name);
  await owner.getByRole('checkbox', { name: /Bagikan dengan tim/ }).check();
  await owner.getByRole('button', { name: 'Simpan tampilan' }).click();
  await expect(owner.getByText('Tampilan tersimpan.', { exact: true })).toBeVisible();

  const colleague = await desk(browser, 'social_worker2');
  await goTo(colleague, 'Keluarga');
  await expect(colleague.getByRole('columnheader', { name: 'Anggota' })).toBeVisible();
  await colleague.getByRole('button', { name: 'Tampilan tersimpan' }).click();
  const team = colleague.getByRole('region', { name: 'Tampilan tim' });
  await team.getByRole('button', { name }).click();
  await expect(colleague).toHaveURL(/decile=1/);
  await expect(colleague.getByRole('columnheader', { name: 'Anggota' })).toHaveCount(0);
  await expect(team.getByRole('button', { name: `Hapus tampilan ${name}` })).toHaveCount(0);

  const other = await desk(browser, 'coordinator');
  await goTo(other, 'Keluarga');
  await other.getByRole('button', { name: 'Tampilan tersimpan' }).click();
  await expect(other.getByLabel('Simpan saringan ini sebagai')).toBeVisible();
  await expect(other.getByRole('button', { name })).toHaveCount(0);

  await owner.getByRole('button', { name: `Hapus tampilan ${name}` }).click();
  await expect(owner.getByText('Tampilan dihapus.')).toBeVisible();
  await expect(owner.getByRole('region', { name: 'Tampilan saya' })).toHaveCount(0);
});

test('a search goes on beyond its first page and back', async ({ page }) => {
  await signIn(page, 'coordinator');
  await page.goto('/households?limit=25');
  await page.getByLabel(/Cari nama/).fill('siti');
  await expect(page.getByRole('columnheader', { name: 'Cocok pada' })).toBeVisible();
  const links = page.locator('tbody a.row-link');
  const first = await links.first().getAttribute('href');
  const next = page.getByRole('button', { name: 'Berikutnya' });
  await expect(next).toBeEnabled();
  await next.click();
  await expect(links.first()).not.toHaveAttribute('href', first ?? '');
  await page.getByRole('button', { name: 'Sebelumnya' }).click();
  await expect(links.first()).toHaveAttribute('href', first ?? '');
  expect(page.url()).not.toMatch(/siti|cursor/i);
});

test('from record to record, back to the list as it was, and who viewed', async ({
  page,
  request,
}) => {
  const api = await asRole(request, 'coordinator');
  await signIn(page, 'coordinator');
  await goTo(page, 'Keluarga');
  await page.getByLabel('Desil').selectOption('2');
  await expect(page).toHaveURL(/decile=2/);
  // The rows of the unfiltered list stay until the new ones are here.
  await expect(page.locator('table[aria-busy="true"]')).toHaveCount(0);
  const links = page.locator('tbody a.row-link');
  await expect(links.nth(1)).toBeVisible();
  const [one, two] = [
    await links.nth(0).getAttribute('href'),
    await links.nth(1).getAttribute('href'),
  ];
  await links.nth(0).click();
  const bar = page.getByRole('navigation', { name: 'Catatan ini di daftarnya' });
  await expect(bar).toContainText(/1 dari/);
  await expect(bar.getByRole('button', { name: 'Catatan sebelumnya' })).toBeDisabled();
  await bar.getByRole('button', { name: 'Catatan berikutnya' }).click();
  await expect(page).toHaveURL(new RegExp(two ?? ''));
  await page.keyboard.press('[');
  await expect(page).toHaveURL(new RegExp(one ?? ''));
  // Opening is logged outside the request, a moment later.
  const id = one?.match(/[0-9a-f-]{36}/)?.[0];
  const viewers = async () =>
    (await api.get<Listed<{ actor_name: string | null }>>(`/households/${id}/access-log`)).data.map(
      (entry) => entry.actor_name ?? '',
    );
  await expect.poll(viewers).toContainEqual(expect.stringContaining('Koordinator'));
  await page.getByRole('tab', { name: 'Siapa melihat' }).click();
  const log = page.getByRole('table', { name: 'Siapa melihat keluarga ini' });
  await expect(log.getByRole('row').nth(1)).toContainText('Koordinator');
  await expect(log.getByRole('row').nth(1)).toContainText('Membuka catatan');
  await bar.getByRole('link', { name: 'Keluarga' }).click();
  await expect(page).toHaveURL(/decile=2/);
});

test('the access log is for those who answer for it', async ({ page, request }) => {
  const api = await asRole(request, 'social_worker');
  const row = (await api.get<Listed<{ id: string }>>('/households?limit=1')).data[0];
  await signIn(page, 'social_worker');
  await page.goto(`/households/${row?.id}?tab=access`);
  await expect(page.getByRole('tab', { name: 'Anggota' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Siapa melihat' })).toHaveCount(0);
});

test('a record that is not to be had has a heading and a way back', async ({ page }) => {
  await signIn(page, 'coordinator');
  for (const [path, place] of [
    ['/households/0198c0de-0000-7000-8000-000000000001', 'Keluarga'],
    ['/programs/0198c0de-0000-7000-8000-000000000001', 'Program'],
    ['/code-lists/no_such_list', 'Daftar kode'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: 'Tidak ditemukan' })).toBeVisible();
    await expect(page.locator('#main').getByRole('link', { name: place })).toBeVisible();
  }
});

test('an agency sees the households referred to it, and no other place', async ({ page }) => {
  await signIn(page, 'agency_officer');
  await goTo(page, 'Keluarga');
  await expect(page.getByText('Keluarga yang dirujuk kepada lembaga Anda.')).toBeVisible();
  await page.goto('/accounts');
  await expect(page.getByText('Peran Anda tidak mencakup tindakan ini').first()).toBeVisible();
});
