// A rule is written as a sentence, its effect is looked at, and it is put in force.
import { expect, test } from '@playwright/test';
import { asRole, desk, type Listed } from './helpers';

interface Program {
  id: string;
  code: string;
  access_mode: string;
  sensitivity: string;
}
interface Rule {
  version: number;
  rule: Record<string, unknown> | null;
}

test('a newcomer writes a rule, sees whom it reaches, and puts it in force', async ({
  browser,
  request,
}) => {
  const api = await asRole(request, 'coordinator');
  const programs = await api.get<Listed<Program>>('/programs?status=published&limit=50');
  const program = programs.data.find((item) => item.code === 'JOB_FAIR') ?? programs.data[0];
  const path = `/programs/${program?.id}`;
  const before = await api.get<Rule>(`${path}/rule`);

  const page = await desk(browser, 'coordinator');
  await page.goto(path);
  await page.getByRole('link', { name: 'Ubah aturan' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Aturan kelayakan' })).toBeVisible();
  const save = page.getByRole('button', { name: /^Simpan sebagai versi/ });
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByText('Belum ada yang berubah.')).toBeVisible();

  // Away with the old conditions; then the sentence, by keyboard alone.
  const remove = page.getByRole('button', { name: 'Hapus syarat ini' });
  await expect(remove.first()).toBeVisible();
  while ((await remove.count()) > 0) await remove.first().click();
  await page.getByRole('button', { name: 'Desil', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Desil terendah')).toBeFocused();
  await page.getByLabel('Desil tertinggi').selectOption('2');
  await page.getByRole('button', { name: 'Anggota keluarga', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Masih ada 1 syarat yang belum lengkap.')).toBeVisible();
  await page.getByRole('button', { name: 'Usia', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Usia', { exact: true }).fill('5');
  const said = 'Berhak bila desil nasional 1–2 dan ada anggota dengan [usia paling tua 4 tahun].';
  await expect(page.getByText(said).first()).toBeVisible();

  // What cannot be meant is told beside its condition, and keeps the rule from being saved.
  await page.getByLabel('Desil terendah').selectOption('3');
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await page.getByLabel('Desil terendah').selectOption('1');
  await page.getByRole('button', { name: 'Rumah dan aset' }).click();
  await page.getByLabel('Data', { exact: true }).selectOption('floor_area');
  await page.getByLabel('Cara membandingkan luas lantai').selectOption('between');
  await page.getByLabel('Nilai luas lantai', { exact: true }).fill('90');
  await page.getByLabel('Nilai tertinggi luas lantai').fill('10');
  await expect(page.getByRole('alert').getByText(/Tidak ada nilai di antaranya/)).toBeVisible();
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await remove.last().click();

  // Leaving and coming back keeps what was written.
  await page.getByRole('link', { name: 'Ke halaman program' }).click();
  await page.getByRole('link', { name: 'Ubah aturan' }).click();
  await expect(page.getByText('Perubahan Anda yang belum disimpan dilanjutkan')).toBeVisible();

  await expect(page.getByText('keluarga bertambah')).toBeVisible();
  await expect(page.getByText(/^Menurut kecamatan/)).toBeVisible();
  await save.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(said)).toBeVisible();
  await dialog.getByLabel(/Mengapa diubah/).fill('Untuk balita di keluarga termiskin.');
  await dialog.getByRole('button', { name: 'Berlakukan' }).click();
  await expect(page.getByText('Aturan berlaku.')).toBeVisible();
  await expect(page.getByText('Untuk balita di keluarga termiskin.')).toBeVisible();
  const after = await api.get<Rule>(`${path}/rule`);
  expect(after.version).toBe(before.version + 1);
  expect(after.rule).toMatchObject({
    all: [{ decile: { min: 1, max: 2 } }, { any_member: { age: { max: 4 } } }],
  });
  await page.context().close();
});

test('the second of two writers of a rule decides with both before him', async ({
  browser,
  request,
}) => {
  const api = await asRole(request, 'coordinator');
  const programs = await api.get<Listed<Program>>('/programs?status=published&limit=50');
  const program = programs.data.find((item) => item.code === 'AMBULANS') ?? programs.data[1];
  const path = `/programs/${program?.id}/rule`;
  const pages = [await desk(browser, 'coordinator'), await desk(browser, 'coordinator')];
  for (const page of pages) {
    await page.goto(path);
    await page.getByRole('button', { name: 'Desil', exact: true }).click();
    await expect(page.getByText('keluarga bertambah')).toBeVisible();
  }
  const [first, second] = pages;
  if (!first || !second) throw new Error('two desks');
  await second.getByLabel('Desil tertinggi').selectOption('4');
  for (const page of [first, second]) {
    const save = page.getByRole('button', { name: /^Simpan sebagai versi/ });
    await expect(save).not.toHaveAttribute('aria-disabled', 'true');
    await save.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Berlakukan' }).click();
    if (page === first) await expect(page.getByText('Aturan berlaku.')).toBeVisible();
  }
  const dialog = second.getByRole('dialog');
  await expect(dialog.getByText(/disimpan orang lain/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Simpan aturan saya di atasnya' }).click();
  await expect(second.getByText('Aturan berlaku.')).toBeVisible();
  await expect(second.getByText(/desil nasional 1–4/).first()).toBeVisible();
  for (const page of pages) await page.context().close();
});
