// A layout of files made from a sample by one person and put into use by another, then used by an upload; and a rank of
// a source proposed by one and confirmed by another.
import { expect, test } from '@playwright/test';
import { desk, goTo } from './helpers';

const names = 'ABCDEFGHIJKL';
const lines = (row: (at: number) => string) => Array.from({ length: 12 }, (_, at) => row(at));
const file = {
  name: 'penjangkauan.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    [
      'No KTP;Klien;Lahir;Gender;Kelurahan;Kecamatan;Golongan;Warna',
      ...lines(
        (at) =>
          `32730115051000${at + 10};Asep Sunandar${names[at]};15/05/2010;${at % 2 ? 'cowok' : 'cewek'};Isola;Sukasari;Pengemis;merah`,
      ),
    ].join('\n'),
  ),
};

test('a profile of files is mapped from a sample, kept by a second key and offered for uploads', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const admin = await desk(browser, 'admin');
  await goTo(admin, 'Profil berkas');
  await admin.getByRole('link', { name: 'Profil baru dari contoh' }).click();
  await admin.getByLabel('Mirip dengan').selectOption('ppks');
  await admin.getByLabel('Contoh berkas').setInputFiles(file);
  await admin.getByRole('button', { name: 'Periksa contoh' }).click();
  const is = (heading: string) => admin.getByLabel(`${heading} dibaca sebagai`);
  await expect(is('Warna')).toHaveValue('');
  // Nobody's number or name is shown whole.
  await expect(admin.getByText('Asep Sunandar')).toHaveCount(0);
  await expect(admin.getByText(/327301\*+\d{4}/).first()).toBeVisible();

  await is('Klien').selectOption('');
  await is('No KTP').selectOption('nik');
  await is('Lahir').selectOption('birth_date');
  await is('Gender').selectOption('sex');
  await is('Golongan').selectOption('ppks_type');
  await is('Warna').selectOption('birth_date');
  await admin.getByLabel('Nama', { exact: false }).first().fill('penjangkauan');
  await admin.getByLabel('Nama tampilan (Indonesia)').fill('Daftar penjangkauan');
  await admin.getByLabel('Nama tampilan (Inggris)').fill('Outreach list');
  await admin.getByRole('button', { name: 'Simpan draf' }).click();
  // The fault stands beside the field it names, and nothing that was entered is lost.
  await expect(admin.getByText('Ada yang keliru')).toBeVisible();
  const second = admin.getByRole('listitem').filter({ has: is('Warna') });
  await expect(second.getByText('Sudah dipakai di tempat lain.')).toBeVisible();
  await is('Warna').selectOption('');
  await is('Klien').selectOption('name');
  await admin.getByLabel('cowok').selectOption('male');
  await admin.getByLabel('cewek').selectOption('female');
  await admin.getByRole('button', { name: 'Simpan draf' }).click();
  await expect(admin.getByText('Menunggu kunci kedua', { exact: true })).toBeVisible();
  await expect(admin.getByText('cowok → male')).toBeVisible();
  await expect(admin.getByRole('button', { name: 'Berlakukan' })).toHaveCount(0);

  const coordinator = await desk(browser, 'coordinator');
  await coordinator.goto('/imports/new');
  const kinds = coordinator.getByLabel('Jenis berkas');
  for (const name of ['growth', 'jobseekers', 'programs'])
    await expect(kinds.locator(`option[value=${name}]`)).toHaveCount(1);
  await expect(kinds.locator('option[value=penjangkauan]')).toHaveCount(0);
  await coordinator.goto(new URL(admin.url()).pathname);
  await coordinator.getByRole('button', { name: 'Berlakukan' }).click();
  await coordinator.getByRole('dialog').getByRole('button', { name: 'Berlakukan' }).click();
  await expect(coordinator.getByText('Berlaku', { exact: true })).toBeVisible();

  await coordinator.goto('/imports/new');
  await kinds.selectOption('penjangkauan');
  await coordinator.getByLabel('Periode').fill('2026-10');
  await coordinator.getByLabel('Daftar orang').setInputFiles(file);
  await coordinator.getByRole('button', { name: 'Unggah dan periksa' }).click();
  await expect(coordinator.getByText('Menunggu tinjauan')).toBeVisible({ timeout: 60_000 });
  await expect(coordinator.locator('[data-count="rows"]')).toContainText('12');
});

test('a rank of a source is proposed by one and confirmed by another', async ({ browser }) => {
  test.setTimeout(90_000);
  const admin = await desk(browser, 'admin');
  await admin.goto('/source-trust');
  await admin.getByRole('button', { name: 'Usulkan Perumahan, P3KE' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Peringkat').fill('101');
  await dialog.getByLabel('Alasan').fill('Pendataan 2023 sudah lama.');
  await dialog.getByRole('button', { name: 'Usulkan peringkat' }).click();
  await expect(dialog.getByText('Di luar batas.')).toBeVisible();
  await dialog.getByLabel('Peringkat').fill('33');
  await dialog.getByRole('button', { name: 'Usulkan peringkat' }).click();
  await expect(dialog).toHaveCount(0);
  const proposals = admin.getByRole('table', { name: 'Usulan' });
  await expect(proposals.getByText('Menunggu persetujuan')).toBeVisible();
  await expect(proposals.getByRole('button', { name: /^Setujui/ })).toHaveCount(0);

  const coordinator = await desk(browser, 'coordinator');
  await goTo(coordinator, 'Profil berkas');
  await coordinator.getByRole('link', { name: 'Kepercayaan sumber' }).click();
  await coordinator.getByRole('button', { name: 'Setujui Perumahan, P3KE' }).click();
  await expect(coordinator.getByText('Disetujui')).toBeVisible();
  const ranks = coordinator.getByRole('table', { name: 'Peringkat yang berlaku' });
  await expect(
    ranks.getByRole('row').filter({ hasText: 'Perumahan' }).filter({ hasText: 'P3KE' }),
  ).toContainText('33');
});
