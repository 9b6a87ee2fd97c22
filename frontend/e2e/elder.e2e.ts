// An elder whom a neighbour found: reported in the kelurahan, verified by another, assessed and signed, counter-signed
// by the supervisor, and planned with the family. Each by who does it in life.
import { expect, type Page, test } from '@playwright/test';
import { asRole, desk, type Listed } from './helpers';

interface Household {
  id: string;
  status: string;
}

/** Checks an option of each question that is asked. */
async function answer(page: Page, list: [RegExp, 'Ya' | 'Tidak'][]): Promise<void> {
  for (const [question, option] of list) {
    await page
      .getByRole('radiogroup', { name: question })
      .getByRole('radio', { name: option })
      .check();
  }
}

test('a neglected elder: reported, verified, assessed, counter-signed and planned', async ({
  browser,
  request,
}) => {
  test.setTimeout(240_000);
  // A family of the operator's kelurahan that nobody works with and that has no open problem.
  const api = await asRole(request, 'village_operator2');
  const families = await api.get<Listed<Household>>('/households?limit=200');
  const problems = await api.get<Listed<{ household_id: string }>>('/problems?limit=200');
  const busy = new Set(problems.data.map((one) => one.household_id));
  const household = families.data.find((one) => one.status === 'active' && !busy.has(one.id))?.id;
  expect(household, 'a family without a problem').toBeTruthy();
  const needs = await api.get<{ entries: { code: string; name: { id: string } }[] }>(
    '/code-lists/needs',
  );
  const need = needs.entries.find((one) => one.code === 'pangan')?.name.id ?? '';

  // 1. The neighbour tells the operator of the kelurahan, who reports it.
  const operator = await desk(browser, 'village_operator');
  await operator.goto(`/households/${household}?tab=problems`);
  await operator.getByRole('button', { name: 'Laporkan masalah' }).click();
  const report = operator.getByRole('dialog');
  await report.getByLabel('Kebutuhan').selectOption('pangan');
  await report.getByLabel('Kegawatan').selectOption('high');
  await report
    .getByLabel(/Uraian/)
    .fill('Tetangga melapor: lansia sendirian, dua hari tidak makan.');
  await report.getByRole('button', { name: 'Laporkan masalah' }).click();
  await expect(operator.getByText('Masalah dilaporkan.')).toBeVisible();

  // 2. The social worker goes there and verifies what another reported.
  const worker = await desk(browser, 'social_worker');
  await worker.goto(`/households/${household}?tab=problems`);
  const card = worker.getByRole('article', { name: need }).first();
  await card.getByRole('button', { name: 'Verifikasi' }).click();
  await worker.getByRole('dialog').getByRole('button', { name: 'Verifikasi' }).click();
  await expect(worker.getByText('Masalah terverifikasi.')).toBeVisible();

  // 3. A case, led by him, which cannot be planned before it was assessed.
  await worker.getByRole('tab', { name: 'Kasus' }).click();
  await worker.getByRole('button', { name: 'Buka kasus' }).click();
  await worker.getByRole('dialog').getByRole('button', { name: 'Buka kasus' }).click();
  await expect(worker.getByRole('heading', { level: 1, name: /Kasus keluarga/ })).toBeVisible();
  const caseAddress = new URL(worker.url()).pathname;
  const advance = async (stage: string) => {
    await worker.getByRole('button', { name: `Ke tahap ${stage}` }).click();
    await worker
      .getByRole('dialog')
      .getByRole('button', { name: 'Lanjutkan', exact: true })
      .click();
    await expect(worker.locator('.stage-bar [aria-current=step]')).toHaveText(stage);
  };
  await advance('Penjaringan');
  await advance('Asesmen');

  // 4. The assessment, signed with a certificate.
  await worker.goto(`/households/${household}?tab=assessments`);
  await worker.getByRole('button', { name: 'Mulai asesmen' }).click();
  const begin = worker.getByRole('dialog');
  await begin.getByLabel('Formulir').selectOption('fakir_miskin_9');
  await begin.getByRole('button', { name: 'Mulai asesmen' }).click();
  await expect(worker).toHaveURL(/\/assessments\/[0-9a-f-]{36}/);
  const assessment = worker.url();
  const task = (name: RegExp) => worker.getByRole('button', { name, expanded: false });
  await answer(worker, [
    [/tidak punya tempat berteduh/, 'Tidak'],
    [/tidak bekerja atau tidak punya penghasilan/, 'Ya'],
  ]);
  await task(/Makan dan pakaian/).click();
  await answer(worker, [
    [/pernah khawatir tidak makan/, 'Ya'],
    [/lebih dari setengah seluruh pengeluaran/, 'Ya'],
    [/pengeluaran untuk pakaian/, 'Ya'],
  ]);
  await task(/Keadaan rumah/).click();
  await answer(worker, [
    [/Lantai rumah/, 'Ya'],
    [/Dinding rumah/, 'Ya'],
    [/Tidak punya jamban/, 'Ya'],
    [/listrik 450 VA/, 'Tidak'],
  ]);
  await task(/Kesimpulan dan tanda tangan/).click();
  await worker.getByLabel(/^Kesimpulan/).fill('Lansia tinggal sendiri dan tidak makan cukup.');
  await expect(worker.locator('.save-state')).toHaveText('Tersimpan');
  await worker.getByRole('button', { name: 'Tandatangani', exact: true }).click();
  await worker.getByRole('dialog').getByRole('button', { name: 'Tandatangani' }).click();
  await expect(worker.getByText('Ditandatangani', { exact: true }).first()).toBeVisible();

  // 5. The supervisor counter-signs.
  const supervisor = await desk(browser, 'social_worker2');
  await supervisor.goto(assessment);
  await supervisor.getByRole('button', { name: 'Tandatangani sebagai penyelia' }).click();
  await supervisor
    .getByRole('dialog')
    .getByRole('button', { name: 'Tandatangani sebagai penyelia' })
    .click();
  await expect(supervisor.getByText('Asesmen ditandatangani penyelia.')).toBeVisible();

  // 6. The plan, agreed with the family.
  await worker.goto(caseAddress);
  await advance('Perencanaan');
  await worker.getByRole('button', { name: 'Susun rencana' }).click();
  await worker.getByLabel('Tujuan', { exact: false }).first().fill('Makan tiga kali sehari');
  await worker.getByLabel('Tindakan').first().fill('Rujuk ke permakanan lansia');
  await worker.getByLabel('Siapa').first().fill('Pekerja sosial');
  await worker.getByRole('button', { name: 'Simpan rencana' }).click();
  await expect(worker.getByRole('heading', { name: 'Makan tiga kali sehari' })).toBeVisible();
  await worker.getByRole('button', { name: 'Keluarga setuju hari ini' }).click();
  await expect(worker.getByText(/Disetujui keluarga/)).toBeVisible();
});
