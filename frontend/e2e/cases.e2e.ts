// From a verified problem to a plan, a visit and a hand-over, in the browser against the real service.
import { expect, test } from '@playwright/test';
import { asRole, desk, goTo, type Listed, signIn } from './helpers';

interface Problem {
  id: string;
  household_id: string;
  sensitivity: string;
}

test('a case: opened, led, planned, visited and handed over before a leave', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000);
  // A household of this worker's kecamatan with a verified problem and no open case yet.
  const api = await asRole(request, 'social_worker');
  const verified = await api.get<Listed<Problem>>('/problems?status=verified&limit=200');
  let household = '';
  for (const problem of verified.data.filter((one) => one.sensitivity === 'open')) {
    const cases = await api.get<Listed<{ closed_at: string | null }>>(
      `/households/${problem.household_id}/cases`,
    );
    if (cases.data.every((one) => one.closed_at)) {
      household = problem.household_id;
      break;
    }
  }
  expect(household, 'a household with a verified problem and no open case').not.toBe('');

  const page = await desk(browser, 'social_worker');
  await page.goto(`/households/${household}?tab=cases`);
  await page.getByRole('button', { name: 'Buka kasus' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Buka kasus' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Kasus keluarga/ })).toBeVisible();
  await expect(page.getByText('Baru').first()).toBeVisible();

  for (const stage of ['Penjaringan', 'Asesmen']) {
    await page.getByRole('button', { name: `Ke tahap ${stage}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Lanjutkan', exact: true }).click();
    await expect(page.locator('.stage-bar [aria-current=step]')).toHaveText(stage);
  }
  // Planning without an assessment is refused with what is missing.
  await page.getByRole('button', { name: 'Ke tahap Perencanaan' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lanjutkan', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Batal' }).click();

  await page.getByRole('button', { name: 'Susun rencana' }).click();
  await page.getByLabel('Tujuan', { exact: false }).first().fill('Makan tiga kali sehari');
  await page.getByLabel('Tindakan').first().fill('Rujuk ke permakanan');
  await page.getByLabel('Siapa').first().fill('Pekerja sosial');
  await page.getByRole('button', { name: 'Simpan rencana' }).click();
  await expect(page.getByRole('heading', { name: 'Makan tiga kali sehari' })).toBeVisible();
  await page.getByRole('button', { name: 'Keluarga setuju hari ini' }).click();
  await expect(page.getByText(/Disetujui keluarga/)).toBeVisible();

  await page.getByRole('button', { name: 'Rencanakan kunjungan' }).click();
  const dialog = page.getByRole('dialog');
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel('Tanggal').fill(day);
  await dialog.getByRole('button', { name: 'Rencanakan kunjungan' }).click();
  await expect(page.getByText('Kunjungan direncanakan.')).toBeVisible();
  const address = new URL(page.url()).pathname;

  await page.goto(`/visits?week=${day}`);
  await expect(page.locator(`a[href="${address}"]`)).toBeVisible();

  await page.goto(address);
  await page.getByRole('button', { name: 'Serahkan' }).click();
  const options = dialog.getByLabel('Penanggung jawab baru').locator('option');
  await expect(options.nth(1)).toBeAttached();
  const second = await asRole(request, 'social_worker2');
  await dialog
    .getByLabel('Penanggung jawab baru')
    .selectOption((second.account as unknown as { id: string }).id);
  await dialog.getByLabel('Yang perlu diketahui penggantinya').fill('Kunjungan sudah dijadwalkan.');
  await dialog.getByRole('button', { name: 'Serahkan' }).click();
  await expect(page.getByText('Kasus diserahkan.')).toBeVisible();

  const next = await desk(browser, 'social_worker2');
  await next.goto(address);
  await expect(next.getByText('Kunjungan sudah dijadwalkan.')).toBeVisible();
  await expect(next.getByRole('button', { name: 'Ke tahap Perencanaan' })).toBeVisible();
});

test('what waits for a worker is one list, late ones first', async ({ page }) => {
  await signIn(page, 'social_worker');
  await goTo(page, 'Tugas saya');
  await expect(page.getByRole('heading', { level: 2, name: /Terlambat/ })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'Beban kerja' })).toBeVisible();
  await page.locator('.task-line').first().click();
  await expect(page.locator('#main h1')).toBeVisible();
});

test('a violence case is led by one worker and seen by nobody else', async ({
  browser,
  request,
}) => {
  test.setTimeout(120_000);
  // A household that the kelurahan's operator and the worker of its kecamatan both see.
  const operator = await asRole(request, 'village_operator');
  const found = await operator.get<Listed<{ id: string; status: string }>>('/households?limit=200');
  const household = found.data.filter((one) => one.status === 'active').at(-1)?.id ?? '';

  const worker = await desk(browser, 'social_worker');
  await worker.goto(`/households/${household}?tab=problems`);
  await worker.getByRole('button', { name: 'Laporkan masalah' }).click();
  const report = worker.getByRole('dialog');
  await report.getByLabel('Kebutuhan').selectOption('kekerasan');
  await expect(report.getByText(/bersifat terbatas/)).toBeVisible();
  await report.getByLabel('Kegawatan').selectOption('high');
  await report.getByRole('button', { name: 'Laporkan masalah' }).click();
  await expect(worker.getByText('Masalah dilaporkan.')).toBeVisible();

  await worker.getByRole('tab', { name: 'Kasus' }).click();
  await worker.getByRole('button', { name: 'Buka kasus' }).click();
  const dialog = worker.getByRole('dialog');
  // Only the violence: what is open stays out of the restricted case.
  const boxes = dialog.getByRole('checkbox');
  await expect(dialog.getByRole('checkbox', { name: /kekerasan/ })).toBeVisible();
  for (let at = 0; at < (await boxes.count()); at += 1) {
    const box = boxes.nth(at);
    const wanted = /kekerasan/.test(
      (await box.locator('xpath=ancestor::*[3]').textContent()) ?? '',
    );
    if (!wanted) await box.uncheck();
  }
  await dialog.getByRole('button', { name: 'Buka kasus' }).click();
  await expect(worker.getByText('Terbatas', { exact: true }).first()).toBeVisible();
  const address = new URL(worker.url()).pathname;
  expect(address).toMatch(/^\/cases\/[0-9a-f-]{36}$/);

  // The kelurahan: the family is there, the problem is not, and there is no door to cases.
  const village = await desk(browser, 'village_operator');
  await village.goto(`/households/${household}?tab=problems`);
  await expect(village.getByRole('tab', { name: 'Masalah' })).toBeVisible();
  await expect(village.getByRole('tab', { name: 'Kasus' })).toHaveCount(0);
  await village.waitForLoadState('networkidle');
  await expect(village.getByText('Perlindungan dari kekerasan')).toHaveCount(0);

  // The inspector of the city, who sees every open case, finds nothing at its address.
  const auditor = await desk(browser, 'auditor');
  await auditor.goto(address);
  await expect(auditor.locator('#main h1')).toBeVisible();
  await expect(auditor.getByText('Terbatas', { exact: true })).toHaveCount(0);
  await expect(auditor.getByRole('button', { name: /Ke tahap/ })).toHaveCount(0);
});
