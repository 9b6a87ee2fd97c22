// A text of letters: written by one with a mistake that is shown where it stands, seen as an example, put into force by
// another. And what else two people decide: a report that is given up, a correction with its paper.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { asRole, desk, goTo, type Listed } from './helpers';

test('a text of letters is written by one and put into force by another', async ({
  browser,
}, info) => {
  test.setTimeout(180_000);
  const admin = await desk(browser, 'admin');
  await goTo(admin, 'Naskah surat');
  await admin.getByRole('button', { name: 'Tulis naskah baru' }).click();
  await admin.getByLabel('Layanan').selectOption('sk_dtsen');
  await admin.getByLabel('Judul surat').fill('Surat Keterangan Uji');
  const text = admin.getByLabel('Naskah', { exact: false }).last();
  await text.fill('Menerangkan bahwa {{nama}}\nUmur : {{decile|long}}');
  await admin.getByRole('button', { name: 'Simpan draf' }).click();
  await expect(admin.getByText('2 kesalahan')).toBeVisible();
  await admin.getByRole('button', { name: 'Baris 1, huruf ke-19:' }).click();
  await expect(text).toBeFocused();
  await text.fill('Menerangkan bahwa ');
  await admin.getByRole('button', { name: 'Nama pemohon' }).click();
  await expect(text).toHaveValue('Menerangkan bahwa {{subject_name}}');
  const [file] = await Promise.all([
    admin.waitForEvent('download'),
    admin.getByRole('button', { name: 'Contoh PDF' }).click(),
  ]);
  const path = info.outputPath('example.pdf');
  await file.saveAs(path);
  expect(readFileSync(path).subarray(0, 5).toString()).toBe('%PDF-');
  await admin.getByRole('button', { name: 'Simpan draf' }).click();
  await expect(admin).toHaveURL(/\/letter-templates\/[0-9a-f-]{36}/);
  await expect(admin.getByRole('button', { name: 'Berlakukan' })).toHaveCount(0);

  const coordinator = await desk(browser, 'coordinator');
  await coordinator.goto(new URL(admin.url()).pathname);
  await coordinator.getByRole('button', { name: 'Berlakukan' }).click();
  await coordinator.getByRole('dialog').getByRole('button', { name: 'Berlakukan' }).click();
  await expect(coordinator.getByText('Berlaku', { exact: true })).toBeVisible();
});

test('a report on retention is given up with a reason', async ({ browser }) => {
  const admin = await desk(browser, 'admin');
  await admin.goto('/retention');
  await admin.getByRole('button', { name: 'Buat laporan' }).click();
  const report = admin.getByRole('region', { name: /^Laporan / }).first();
  await expect(report.getByText('Menunggu persetujuan')).toBeVisible({ timeout: 30_000 });
  await report.getByRole('button', { name: 'Batalkan laporan' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Alasan').fill('Kelas bukti diubah lebih dulu.');
  await dialog.getByRole('button', { name: 'Batalkan laporan' }).click();
  await expect(report.getByText('Kelas bukti diubah lebih dulu.')).toBeVisible();
  await expect(report.getByRole('button', { name: 'Musnahkan' })).toHaveCount(0);
});

test('a correction carries its paper to whoever decides', async ({ browser, request }) => {
  test.setTimeout(120_000);
  const api = await asRole(request, 'village_operator');
  const waiting = await api.get<Listed<{ id: string; household_id: string }>>(
    '/corrections?status=submitted',
  );
  const household = waiting.data[0]?.household_id;
  expect(household, 'the demo city has corrections that wait').toBeTruthy();
  const operator = await desk(browser, 'village_operator');
  await operator.goto(`/households/${household}?tab=corrections`);
  await operator.getByRole('button', { name: 'Tambah bukti' }).first().click();
  const dialog = operator.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles('docs/household.png');
  await dialog.getByLabel(/^Keterangan/).fill('Akta kelahiran');
  await dialog.getByRole('button', { name: 'Simpan bukti' }).click();
  await expect(operator.getByText('Akta kelahiran')).toBeVisible();
  const worker = await desk(browser, 'social_worker');
  await worker.goto(`/households/${household}?tab=corrections`);
  await worker
    .getByRole('button', { name: /^Tampilkan foto/ })
    .first()
    .click();
  await expect(worker.getByRole('img', { name: 'Akta kelahiran' })).toBeVisible();
});
