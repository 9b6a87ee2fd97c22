// The counter: a letter to reactivate health insurance in one visit. Taken in by the keyboard alone,
// approved by somebody else, downloaded as PDF, and checked by a stranger through its QR code.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { desk, goTo } from './helpers';

/** Presses Tab until this has the focus: whatever cannot be reached so cannot be used at the counter. */
async function tabTo(
  page: Page,
  name: string | RegExp,
  role: 'textbox' | 'combobox' | 'button' | 'checkbox',
) {
  const target = page.getByRole(role, { name }).first();
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return target;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(name)} is not reached by Tab`);
}

test('a PBI reactivation letter in one visit', async ({ browser }, info) => {
  test.setTimeout(180_000);
  const stamp = Date.now().toString(36).replace(/\d/g, 'x');
  const name = `Ibu Coba ${stamp}`;

  const operator = await desk(browser, 'village_operator');
  await goTo(operator, 'Penerimaan');
  const search = operator.getByLabel('Nama, NIK, nomor KK, atau alamat');
  await expect(search).toBeFocused();
  const started = Date.now();
  await operator.keyboard.type(name);
  await expect(
    operator.getByRole('status').filter({ hasText: 'keluarga ditemukan' }),
  ).toBeVisible();
  await tabTo(operator, 'Keluarga baru', 'button');
  await operator.keyboard.press('Enter');
  const village = operator.getByLabel('Wilayah');
  await expect(village).toBeVisible();
  expect(await village.inputValue(), 'whoever works for one kelurahan need not choose it').toMatch(
    /^32\.73/,
  );
  await expect(operator.getByLabel('Nama', { exact: false }).first()).toHaveValue(name);
  for (let person = 2; person <= 4; person += 1) {
    await tabTo(operator, 'Tambah orang', 'button');
    await operator.keyboard.press('Enter');
    await operator
      .getByRole('group', { name: `Orang ke-${person}` })
      .getByLabel('Nama')
      .focus();
    await operator.keyboard.type(`Anak ${stamp} ${'abc'[person - 2]}`);
  }
  await operator.getByLabel(/^Kebutuhan/).focus();
  await operator.getByLabel(/^Kebutuhan/).selectOption('kesehatan');
  await operator.getByLabel('Layanan (tidak wajib)').selectOption('reaktivasi_pbi');
  for (const paper of ['Kartu tanda penduduk', 'Kartu keluarga', 'Surat keterangan']) {
    await tabTo(operator, new RegExp(paper), 'checkbox');
    await operator.keyboard.press('Space');
  }
  await tabTo(operator, /Keperluan/, 'textbox');
  await operator.keyboard.type('Berobat ke rumah sakit');
  await tabTo(operator, /Ditujukan kepada/, 'textbox');
  await operator.keyboard.type('BPJS Kesehatan');
  await tabTo(operator, 'Simpan penerimaan', 'button');
  await operator.keyboard.press('Enter');
  await expect(operator.getByRole('link', { name: 'Buka permintaan' })).toBeVisible();
  expect(Date.now() - started, 'far below six minutes').toBeLessThan(120_000);
  await operator.getByRole('link', { name: 'Buka permintaan' }).click();
  await expect(operator).toHaveURL(/\/service-requests\/[0-9a-f-]{36}/);
  const request = new URL(operator.url()).pathname;
  await operator.getByRole('button', { name: 'Berkas lengkap' }).click();
  await operator.getByRole('dialog').getByRole('button', { name: 'Berkas lengkap' }).click();
  await expect(operator.getByText('Menunggu persetujuan orang lain')).toBeVisible();
  await expect(operator.getByRole('button', { name: 'Setujui' })).toHaveCount(0);

  const signer = await desk(browser, 'coordinator');
  await signer.goto(request);
  for (const verb of ['Setujui', 'Terbitkan surat']) {
    await signer.getByRole('button', { name: verb }).click();
    await signer.getByRole('dialog').getByRole('button', { name: verb }).click();
    await expect(signer.getByRole('dialog')).toHaveCount(0);
  }
  await expect(signer.getByRole('article')).toContainText(name);
  const number = (await signer.getByText(/^400\.9\/\d{4}\/REK-PBI/).textContent()) ?? '';

  await operator.reload();
  const [file] = await Promise.all([
    operator.waitForEvent('download'),
    operator.getByRole('button', { name: 'Unduh PDF' }).click(),
  ]);
  const path = info.outputPath('letter.pdf');
  await file.saveAs(path);
  const bytes = readFileSync(path);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const text = execFileSync('pdftotext', ['-layout', path, '-']).toString();
  expect(text).toContain(number.trim());
  expect(text).toContain(name);
  // The code as a camera sees it, read by a reader of others.
  const picture = execFileSync('pdftoppm', ['-r', '200', '-png', '-singlefile', path, path]);
  expect(picture.length).toBe(0);
  const link = execFileSync('zbarimg', ['--quiet', '--raw', `${path}.png`])
    .toString()
    .trim();
  expect(new URL(link).pathname).toBe('/verify');
  expect(new URL(link).search, 'nothing secret reaches a server').toBe('');

  // A stranger, without an account and without anything of the application.
  const stranger = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  stranger.on('request', (sent) => asked.push(sent.url()));
  await stranger.goto(`${new URL(operator.url()).origin}/verify${new URL(link).hash}`);
  await expect(stranger.getByRole('heading', { name: 'Surat asli dan berlaku' })).toBeVisible();
  await expect(stranger.getByText(number.trim())).toBeVisible();
  await expect(stranger.getByText(name)).toHaveCount(0);
  const [code, secret] = new URL(link).hash.slice(1).split('.');
  expect(asked.filter((url) => url.includes(code ?? '-') || url.includes(secret ?? '-'))).toEqual(
    [],
  );
  await stranger.getByLabel('Kunci').fill('SALAH');
  await stranger.getByRole('button', { name: 'Periksa' }).click();
  await expect(stranger.getByRole('heading', { name: 'Tidak ditemukan' })).toBeVisible();
  writeFileSync(info.outputPath('seconds.txt'), String((Date.now() - started) / 1000));
});
