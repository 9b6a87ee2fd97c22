// Help that is to stop: proposed, told, answered, and given up, in the browser against the real service.
import { expect, test } from '@playwright/test';
import { asRole, desk, type Listed } from './helpers';

interface Referral {
  id: string;
  household_id: string;
  sensitivity: string;
}

test('a decision: proposed, told with a letter, answered, withdrawn', async ({
  browser,
  request,
}) => {
  test.setTimeout(120_000);
  const api = await asRole(request, 'social_worker');
  const running = await api.get<Listed<Referral>>('/referrals?status=accepted&limit=50');
  const help = running.data.find((one) => one.sensitivity === 'open');
  expect(help, 'a household whose help was accepted').toBeTruthy();

  const page = await desk(browser, 'social_worker');
  await page.goto(`/households/${help?.household_id}?tab=decisions`);
  await page.getByRole('button', { name: 'Usulkan keputusan' }).click();
  const dialog = page.getByRole('dialog');
  const offered = dialog.getByRole('option', { name: /Hentikan bantuan/ }).first();
  await dialog
    .getByLabel('Yang diputuskan')
    .selectOption((await offered.getAttribute('value')) ?? '');
  await dialog.getByLabel('Alasan').selectOption('no_longer_eligible');
  await dialog.getByLabel('Penjelasan untuk warga').fill('Penghasilan kini di atas batas.');
  await dialog.getByRole('button', { name: 'Usulkan keputusan' }).click();

  await expect(page.getByRole('heading', { level: 1, name: /Hentikan bantuan/ })).toBeVisible();
  await page.getByRole('button', { name: 'Catat pemberitahuan' }).click();
  await dialog.getByLabel('Kunjungan ke rumah').check();
  await dialog.getByRole('button', { name: 'Catat pemberitahuan' }).click();
  await expect(page.getByText('Menunggu tanggapan', { exact: true })).toBeVisible();
  const letter = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Surat pemberitahuan' }).click();
  expect((await letter).suggestedFilename()).toMatch(/\.pdf$/);

  await page.getByRole('button', { name: 'Catat tanggapan' }).click();
  await dialog.getByLabel('Yang disampaikan warga').fill('Saya masih menganggur.');
  await dialog.getByRole('button', { name: 'Catat tanggapan' }).click();
  await expect(page.getByText('Saya masih menganggur.')).toBeVisible();
  // Nobody confirms before the time to answer is over, nor who proposed it.
  await expect(page.getByRole('button', { name: 'Tetapkan', exact: true })).toHaveCount(0);

  await page.getByRole('button', { name: 'Tarik usulan' }).click();
  await dialog.getByLabel('Alasan').fill('Warga benar.');
  await dialog.getByRole('button', { name: 'Tarik usulan' }).click();
  await expect(page.getByText('Ditarik', { exact: true })).toBeVisible();
});
