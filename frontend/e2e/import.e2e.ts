// The agency's files through the wizard, then one of their families found by a misspelt name and
// edited from two tabs. The numbers are those of the files' own truth.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { asRole, desk, goTo, type Listed, signIn } from './helpers';

const data = fileURLToPath(new URL('../../tests/data/agency/', import.meta.url));
const families = `${data}dtsen_keluarga.csv`;
const members = `${data}dtsen_anggota.csv`;
test.skip(!existsSync(families), 'the agency files are not here');

test.describe.configure({ mode: 'serial' });

test('a coordinator imports, reviews, downloads the rows to correct and applies', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await signIn(page, 'coordinator');
  await goTo(page, 'Impor');
  // An empty list offers it a second time.
  await page.getByRole('link', { name: 'Impor baru' }).first().click();
  await page.getByLabel('Periode').fill('2026-10');
  await page.getByRole('button', { name: 'Unggah dan periksa' }).click();
  await expect(page.getByText('Pilih berkasnya.').first()).toBeVisible();
  await page.getByLabel('Berkas keluarga').setInputFiles(families);
  await page.getByLabel('Berkas anggota').setInputFiles(members);
  await page.getByRole('button', { name: 'Unggah dan periksa' }).click();
  await expect(page.getByText('Menunggu tinjauan')).toBeVisible({ timeout: 120_000 });

  const rows = [families, members]
    .map((file) => readFileSync(file, 'utf8').trim().split(/\r?\n/).length - 1)
    .reduce((sum, count) => sum + count, 0);
  await expect(page.locator('[data-count="rows"]')).toContainText(rows.toLocaleString('id-ID'));

  await page.getByLabel('Jenis temuan').selectOption('kk_scientific_notation');
  await expect(page.getByRole('row').nth(1)).toContainText('No. KK rusak oleh lembar kerja');
  await page.getByRole('button', { name: /hapus saringan/ }).click();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Berkas anggota (CSV)' }).click();
  const saved = await (await download).path();
  const header = readFileSync(members, 'utf8').split('\n')[0]?.replace('\ufeff', '').trim();
  expect(readFileSync(saved, 'utf8').replace('\ufeff', '')).toContain(
    header?.split('|')[0] ?? 'nomor_induk_kependudukan',
  );

  await page.getByRole('button', { name: 'Tandai sudah ditinjau' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Tandai sudah ditinjau' }).click();
  await page.getByRole('button', { name: 'Terapkan ke registri' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Terapkan ke registri' }).click();
  await expect(page.getByText('Sudah diterapkan')).toBeVisible({ timeout: 120_000 });
});

/** One letter wrong, as somebody heard it at the counter. */
function misspell(name: string): string {
  const middle = Math.floor(name.length / 2);
  return name.slice(0, middle) + name.slice(middle + 1);
}

test('the family is found by a misspelt name, and the text stays out of the address', async ({
  page,
}) => {
  await signIn(page, 'coordinator');
  await goTo(page, 'Keluarga');
  const name = 'GILANG SUNANDAR';
  await page.getByLabel(/Cari nama/).fill(misspell(name));
  const hit = page
    .getByRole('row')
    .filter({ hasText: new RegExp(name, 'i') })
    .first();
  await expect(hit).toBeVisible();
  expect(page.url()).not.toMatch(/gilan/i);
  await hit.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(name, 'i') })).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel(/Cari nama/)).toHaveValue(misspell(name));
});

test('two tabs edit one household: the second sees both versions and decides', async ({
  browser,
  request,
}) => {
  const api = await asRole(request, 'coordinator');
  const row = (await api.get<Listed<{ id: string }>>('/households?limit=1&status=active')).data[0];
  const one = await desk(browser, 'coordinator');
  const two = await one.context().newPage();
  for (const tab of [one, two]) {
    await tab.goto(`/households/${row?.id}`);
    await tab.getByRole('button', { name: 'Ubah' }).first().click();
    await expect(tab.getByRole('dialog')).toBeVisible();
  }
  const street = `Jl. Asia Afrika No. ${Date.now() % 1000}`;
  await one.getByLabel('Alamat jalan').fill(street);
  await one.getByRole('button', { name: 'Simpan' }).click();
  await expect(one.getByText('Data keluarga tersimpan.')).toBeVisible();

  const other = `Jl. Braga No. ${Date.now() % 1000}`;
  await two.getByLabel('Alamat jalan').fill(other);
  await two.getByRole('button', { name: 'Simpan' }).click();
  const conflict = two.getByRole('dialog', { name: 'Data ini sudah diubah orang lain' });
  await expect(conflict).toBeVisible();
  await expect(conflict).toContainText(street);
  await expect(conflict).toContainText(other);
  await conflict.getByRole('radio', { name: 'Nilai Anda' }).check();
  await conflict.getByRole('button', { name: 'Simpan pilihan ini' }).click();
  await expect(two.getByText(other).first()).toBeVisible();
  await one.context().close();
});
