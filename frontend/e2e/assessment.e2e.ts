// An assessment from its first answer to its counter-signature, by two people: the problem that was
// recommended is there, and verified.
import { expect, test } from '@playwright/test';
import { desk, goTo } from './helpers';

const answers: [RegExp, 'Ya' | 'Tidak'][] = [
  [/tidak punya tempat berteduh/, 'Tidak'],
  [/tidak bekerja atau tidak punya penghasilan/, 'Ya'],
];
const spending: [RegExp, 'Ya' | 'Tidak'][] = [
  [/pernah khawatir tidak makan/, 'Ya'],
  [/lebih dari setengah seluruh pengeluaran/, 'Ya'],
  [/pengeluaran untuk pakaian/, 'Ya'],
];
const dwelling: [RegExp, 'Ya' | 'Tidak'][] = [
  [/Lantai rumah/, 'Ya'],
  [/Dinding rumah/, 'Ya'],
  [/Tidak punya jamban/, 'Ya'],
  [/listrik 450 VA/, 'Tidak'],
];

test('a poverty check is filled in, signed and counter-signed', async ({ browser }) => {
  test.setTimeout(180_000);
  const worker = await desk(browser, 'social_worker');
  await goTo(worker, 'Keluarga');
  await worker.getByLabel('Status').selectOption('active');
  await worker.getByRole('row').nth(3).getByRole('link').click();
  await expect(worker).toHaveURL(/\/households\/[0-9a-f-]{36}/);
  const household = worker.url().split('?')[0] ?? '';
  await worker.getByRole('tab', { name: 'Asesmen' }).click();
  await worker.getByRole('button', { name: 'Mulai asesmen' }).click();
  const begin = worker.getByRole('dialog');
  await begin.getByLabel('Formulir').selectOption('fakir_miskin_9');
  await begin.getByRole('button', { name: 'Mulai asesmen' }).click();
  await expect(worker).toHaveURL(/\/assessments\/[0-9a-f-]{36}/);
  const assessment = worker.url();

  const state = worker.locator('.save-state');
  const task = (name: string | RegExp) => worker.getByRole('button', { name, expanded: false });
  const answer = (list: typeof answers) => async () => {
    for (const [question, option] of list) {
      await worker
        .getByRole('radiogroup', { name: question })
        .getByRole('radio', { name: option })
        .check();
    }
  };
  // The dwelling is asked about only once there is one.
  await expect(worker.getByRole('button', { name: /Keadaan rumah/ })).toHaveCount(0);
  await answer(answers)();
  await expect(worker.getByRole('button', { name: /Keadaan rumah/ }).first()).toBeVisible();
  await expect(state).toHaveText('Tersimpan');

  // Signed too early: the refusal names what is open and leads there.
  await task(/Kesimpulan dan tanda tangan/).click();
  await worker.getByRole('button', { name: 'Tandatangani', exact: true }).click();
  const dialog = worker.getByRole('dialog');
  await expect(dialog.getByText(/terkunci dan tidak dapat diubah lagi/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Tandatangani' }).click();
  const summary = worker.locator('.error-summary');
  await expect(summary).toBeFocused();
  await summary.getByRole('button', { name: /pernah khawatir tidak makan/ }).click();
  await expect(
    worker
      .getByRole('radiogroup', { name: /pernah khawatir tidak makan/ })
      .getByRole('radio')
      .first(),
  ).toBeFocused();

  // Without a network nothing is lost; it is sent once the network is back.
  await worker.context().setOffline(true);
  await answer(spending)();
  await expect(state).toContainText('Belum tersimpan');
  await worker.context().setOffline(false);
  await expect(state).toHaveText('Tersimpan', { timeout: 30_000 });
  await worker.reload();
  await task(/Makan dan pakaian/).click();
  await expect(
    worker.getByRole('radiogroup', { name: /pernah khawatir/ }).getByRole('radio', { name: 'Ya' }),
  ).toBeChecked();

  await task(/Keadaan rumah/).click();
  await answer(dwelling)();
  await expect(worker.getByText('7 dari 17').first()).toBeVisible();
  await task(/Hasil dan kebutuhan/).click();
  await worker
    .getByRole('button', { name: /^Terima / })
    .first()
    .click();
  await worker.getByRole('button', { name: /^Ubah / }).click();
  await dialog.getByLabel(/Catatan/).fill('Dua hari tidak memasak.');
  await dialog.getByRole('button', { name: 'Pakai' }).click();
  await task(/Kesimpulan dan tanda tangan/).click();
  await worker.getByLabel(/^Kesimpulan/).fill('Keluarga memerlukan pangan segera.');
  await worker.getByRole('button', { name: 'Tandatangani', exact: true }).click();
  await dialog.getByRole('button', { name: 'Tandatangani' }).click();
  await expect(worker.getByText('Ditandatangani', { exact: true }).first()).toBeVisible();
  await expect(worker.getByText('Nomor STR')).toBeVisible();
  await expect(worker.getByRole('button', { name: 'Tandatangani sebagai penyelia' })).toHaveCount(
    0,
  );

  const supervisor = await desk(browser, 'social_worker2');
  await supervisor.goto(assessment);
  await supervisor.getByRole('button', { name: 'Tandatangani sebagai penyelia' }).click();
  await supervisor
    .getByRole('dialog')
    .getByRole('button', { name: 'Tandatangani sebagai penyelia' })
    .click();
  await expect(supervisor.getByText('Asesmen ditandatangani penyelia.')).toBeVisible();
  await expect(supervisor.getByText('Disahkan penyelia').first()).toBeVisible();
  await supervisor.getByRole('link', { name: 'Buka masalah' }).first().click();
  await expect(supervisor).toHaveURL(/\/problems\/[0-9a-f-]{36}/);
  await expect(supervisor.getByText('Terverifikasi', { exact: true }).first()).toBeVisible();

  await worker.goto(`${household}?tab=assessments`);
  await expect(worker.getByText('Disahkan penyelia').first()).toBeVisible();
  for (const page of [worker, supervisor]) await page.context().close();
});
