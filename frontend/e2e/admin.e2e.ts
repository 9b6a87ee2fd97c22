// The administrator's own work: accounts, API clients, codes; and programs edited by two at once.
import { expect, type Page, test } from '@playwright/test';
import { API, desk, goTo, signIn } from './helpers';

/** What the dialog shows once, by its label. */
async function shown(page: Page, label: string): Promise<string> {
  const box = page.getByRole('dialog').locator('.secret').filter({ hasText: label });
  return ((await box.locator('.copy-text').innerText()) ?? '').split('\n')[0]?.trim() ?? '';
}

test('a new account: its password is shown once and opens the door', async ({ page, browser }) => {
  const username = `petugas.${Date.now() % 1_000_000}`;
  await signIn(page, 'admin');
  await goTo(page, 'Akun');
  await page.getByRole('button', { name: 'Akun baru' }).click();
  await page.getByLabel('Nama pengguna').fill(username);
  await page.getByLabel('Nama lengkap').fill('Petugas Baru');
  await page.getByRole('button', { name: 'Tambah', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Kata sandi awal' })).toBeVisible();
  const password = await shown(page, 'Kata sandi awal');
  expect(password.length).toBeGreaterThan(11);
  await page.keyboard.press('Escape');
  await expect(page.getByText('Sudah disalin?')).toBeVisible();
  await page.getByRole('button', { name: 'Sudah saya simpan' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Petugas Baru' })).toBeVisible();
  await expect(page.getByText(password)).toHaveCount(0);

  await page.getByRole('button', { name: 'Ubah', exact: true }).click();
  await page.getByLabel('Surel').fill('petugas@example.org');
  await page.getByRole('button', { name: 'Simpan', exact: true }).click();
  await expect(page.locator('#main').getByText('petugas@example.org')).toBeVisible();

  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto('/');
  await theirs.getByLabel('Nama pengguna').fill(username);
  await theirs.getByLabel('Kata sandi', { exact: true }).fill(password);
  await theirs.getByRole('button', { name: 'Masuk' }).click();
  await expect(theirs.getByText('Ganti kata sandi awal Anda')).toBeVisible();

  await page.getByRole('button', { name: 'Buat kata sandi baru' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Buat kata sandi baru' }).click();
  await expect(page.getByRole('dialog', { name: 'Kata sandi awal' })).toBeVisible();
  expect(await shown(page, 'Kata sandi awal')).not.toBe(password);
});

test('an API client: secret once, rotated, disabled', async ({ page, request }) => {
  const token = async (client_id: string, client_secret: string) =>
    (
      await request.post(`${API}/oauth/token`, {
        form: { grant_type: 'client_credentials', client_id, client_secret },
      })
    ).status();
  await signIn(page, 'admin');
  await goTo(page, 'Aplikasi API');
  await page.getByRole('button', { name: 'Aplikasi baru' }).click();
  await page.getByRole('button', { name: 'Tambah', exact: true }).click();
  await expect(page.getByText('Wajib diisi.').first()).toBeVisible();
  await page.getByLabel('Nama', { exact: false }).first().fill('Sistem kepegawaian');
  await page.getByRole('checkbox', { name: 'Program: membaca' }).check();
  await page.getByRole('button', { name: 'Tambah', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Kunci aplikasi' })).toBeVisible();
  const id = await shown(page, 'Client ID');
  const first = await shown(page, 'Client secret');
  expect(await token(id, first)).toBe(200);
  await page.getByRole('button', { name: 'Sudah saya simpan' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sistem kepegawaian' })).toBeVisible();

  await page.getByRole('button', { name: 'Ubah', exact: true }).click();
  await page.getByRole('checkbox', { name: 'Dana: membaca' }).check();
  await page.getByRole('button', { name: 'Simpan', exact: true }).click();
  await expect(page.getByText('funding:read')).toBeVisible();

  await page.getByRole('button', { name: 'Ganti kunci' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ganti kunci' }).click();
  await expect(page.getByRole('dialog', { name: 'Kunci aplikasi' })).toBeVisible();
  const second = await shown(page, 'Client secret');
  expect(await token(id, first)).toBe(401);
  expect(await token(id, second)).toBe(200);
  await page.getByRole('button', { name: 'Sudah saya simpan' }).click();

  await page.getByRole('button', { name: 'Nonaktifkan' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Nonaktifkan' }).click();
  await expect(page.getByRole('button', { name: 'Aktifkan', exact: true })).toBeVisible();
  expect(await token(id, second)).toBe(401);
});

test('a code is added, edited by two at once, retired and brought back', async ({ browser }) => {
  const code = `uji_${Date.now() % 1_000_000}`;
  const one = await desk(browser, 'admin');
  await one.goto('/code-lists/documents');
  await one.getByRole('button', { name: 'Tambah entri' }).click();
  await one.getByLabel('Nama (Indonesia)').fill('Surat uji');
  await one.getByLabel('Nama (Inggris)').fill('Test letter');
  await one.getByLabel('Kode', { exact: false }).fill(code);
  await one.getByRole('dialog').getByRole('button', { name: 'Tambah', exact: true }).click();
  await expect(one.getByText('Entri ditambahkan.')).toBeVisible();

  const two = await one.context().newPage();
  await two.goto('/code-lists/documents');
  for (const tab of [one, two]) {
    await tab
      .getByRole('row')
      .filter({ hasText: code })
      .getByRole('button', { name: /Ubah/ })
      .click();
    await expect(tab.getByRole('dialog')).toBeVisible();
  }
  await one.getByLabel('Nama (Indonesia)').fill('Surat uji pertama');
  await one.getByRole('button', { name: 'Simpan', exact: true }).click();
  await expect(one.getByRole('row').filter({ hasText: 'Surat uji pertama' })).toBeVisible();
  await two.getByLabel('Nama (Indonesia)').fill('Surat uji kedua');
  await two.getByRole('button', { name: 'Simpan', exact: true }).click();
  const conflict = two.getByRole('dialog', { name: 'Data ini sudah diubah orang lain' });
  await expect(conflict).toContainText('Surat uji pertama');
  await conflict.getByRole('radio', { name: 'Nilai Anda' }).check();
  await conflict.getByRole('button', { name: 'Simpan pilihan ini' }).click();
  const row = two.getByRole('row').filter({ hasText: code });
  await expect(row).toContainText('Surat uji kedua');

  await row.getByRole('button', { name: /Hentikan/ }).click();
  await two.getByRole('dialog').getByRole('button', { name: 'Hentikan' }).click();
  await expect(row).toHaveCount(0);
  await two.getByLabel('Tampilkan juga yang sudah dihentikan').check();
  await expect(row).toContainText('dihentikan di versi');
  await row.getByRole('button', { name: /Pakai lagi/ }).click();
  await expect(row).not.toContainText('dihentikan di versi');
});

test('a draft program and its cycle are edited; the second writer sees both versions', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const code = `UJI_${Date.now() % 1_000_000}`;
  const officer = await desk(browser, 'agency_officer');
  await officer.goto('/programs/new');
  await officer.getByLabel('Nama (Indonesia)').fill('Bantuan uji');
  await officer.getByLabel('Kode', { exact: false }).first().fill(code);
  await officer.getByLabel('Pilar').selectOption({ index: 1 });
  await officer
    .getByRole('group', { name: 'Menjawab kebutuhan' })
    .getByRole('checkbox')
    .first()
    .check();
  await officer.getByLabel('Bentuk bantuan').selectOption('cash');
  await officer.getByLabel('Nilai per penerima').fill('abc');
  await officer.getByRole('button', { name: 'Simpan konsep' }).click();
  await expect(
    officer.getByRole('alert').getByRole('link', { name: /Nilai per penerima/ }),
  ).toBeVisible();
  await officer.getByLabel('Nilai per penerima').fill('500000');
  await officer.getByRole('button', { name: 'Simpan konsep' }).click();
  await expect(officer.getByRole('heading', { level: 1, name: 'Bantuan uji' })).toBeVisible();

  const coordinator = await desk(browser, 'coordinator');
  const path = new URL(officer.url()).pathname;
  await coordinator.goto(`${path}/edit`);
  await expect(coordinator.getByLabel('Nilai per penerima')).toHaveValue('500.000');
  await officer.getByRole('link', { name: 'Ubah' }).click();
  await officer.getByLabel('Nilai per penerima').fill('600000');
  await officer.getByRole('button', { name: 'Simpan', exact: true }).click();
  await expect(officer.getByText(/Rp\s600\.000/)).toBeVisible();
  await coordinator.getByLabel('Nilai per penerima').fill('700000');
  await coordinator.getByLabel('Dasar hukum').fill('Perwal 12/2026');
  await coordinator.getByRole('button', { name: 'Simpan', exact: true }).click();
  const conflict = coordinator.getByRole('dialog', { name: 'Data ini sudah diubah orang lain' });
  await expect(conflict).toContainText('600.000');
  await expect(conflict).toContainText('700.000');
  await conflict
    .getByRole('radiogroup', { name: /Nilai per penerima/ })
    .getByRole('radio', { name: 'Nilai Anda' })
    .check();
  await conflict.getByRole('button', { name: 'Simpan pilihan ini' }).click();
  await expect(coordinator.getByText(/Rp\s700\.000/)).toBeVisible();
  await expect(coordinator.getByText('Perwal 12/2026')).toBeVisible();

  await coordinator.getByRole('button', { name: 'Tambah siklus' }).click();
  await coordinator.getByRole('dialog').getByLabel('Kursi', { exact: false }).last().fill('10');
  await coordinator
    .getByRole('dialog')
    .getByRole('button', { name: 'Tambah', exact: true })
    .click();
  await expect(coordinator.getByText('0 dari 10 kursi terpakai')).toBeVisible();
  await coordinator.locator('.cycle').getByRole('button', { name: /Ubah/ }).click();
  await coordinator.getByRole('dialog').getByRole('textbox', { name: 'Kursi' }).fill('25');
  await coordinator.getByRole('dialog').getByRole('button', { name: 'Simpan' }).click();
  await expect(coordinator.getByText('0 dari 25 kursi terpakai')).toBeVisible();
});
