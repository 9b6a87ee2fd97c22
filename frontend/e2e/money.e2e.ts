// The end of a year: a budget that was spent in part, a source for the next year, a closing that one proposes and another
// approves, and money that arrives on the other side.
import { expect, type Page, test } from '@playwright/test';
import { desk, goTo } from './helpers';

async function newSource(page: Page, code: string, year: number): Promise<void> {
  await goTo(page, 'Dana');
  await page.getByRole('button', { name: 'Sumber dana baru' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Nama').fill(`APBD uji ${year}`);
  await dialog.getByLabel('Kode').fill(code);
  await dialog.getByLabel('Jenis').selectOption('apbd_kota');
  await dialog.getByLabel('Pemilik').selectOption({ label: 'Dinas Sosial Kota Bandung' });
  await dialog.getByLabel('Tahun anggaran').fill(String(year));
  await dialog.getByRole('button', { name: 'Tambah' }).click();
  await expect(dialog).toBeHidden();
}

async function open(page: Page, year: number): Promise<void> {
  await goTo(page, 'Dana');
  await page.getByLabel('Tahun anggaran').selectOption(String(year));
  await page.getByRole('link', { name: `APBD uji ${year}` }).click();
  await expect(page.getByRole('heading', { level: 1, name: `APBD uji ${year}` })).toBeVisible();
}

async function atYearEnd(page: Page, verb: string): Promise<void> {
  await page.getByRole('button', { name: 'Akhir tahun' }).click();
  await page.getByRole('menuitem', { name: verb }).click();
}

test('the end of a year, with money that goes over, by two people', async ({ browser }) => {
  test.setTimeout(180_000);
  const year = new Date().getFullYear();
  const tag = Date.now().toString(36).toUpperCase();
  const first = await desk(browser, 'coordinator');
  await newSource(first, `A-UJI-${tag}-1`, year);
  await newSource(first, `A-UJI-${tag}-2`, year + 1);

  // A budget, then a decree that takes some of it back.
  await open(first, year);
  await first.getByRole('button', { name: 'Anggarkan' }).click();
  await first.getByRole('dialog').getByLabel('Jumlah (Rp)').fill('900.000.000');
  await first.getByRole('dialog').getByRole('button', { name: 'Anggarkan' }).click();
  await expect(first.getByText('Transaksi tercatat.').first()).toBeVisible();
  await atYearEnd(first, 'Ubah anggaran');
  const revise = first.getByRole('dialog');
  await revise.getByLabel('Arah').selectOption('down');
  await revise.getByLabel('Jumlah (Rp)').fill('100.000.000');
  await revise.getByRole('button', { name: 'Ubah anggaran' }).click();
  await expect(revise.getByText('Wajib diisi')).toBeVisible();
  await revise.getByLabel('Dasar keputusan').fill('Perda 7 (Perubahan APBD)');
  await revise.getByRole('button', { name: 'Ubah anggaran' }).click();
  await expect(revise).toBeHidden();
  await expect(first.getByText('Rp 800.000.000').first()).toBeVisible();

  // Part of it goes over at once, the rest with the closing.
  await atYearEnd(first, 'Bawa ke tahun depan');
  const over = first.getByRole('dialog');
  await over.getByLabel('Sumber tahun depan').selectOption({ label: `APBD uji ${year + 1}` });
  await over.getByLabel('Jumlah (Rp)').fill('300.000.000');
  await over.getByRole('button', { name: 'Bawa ke tahun depan' }).click();
  await expect(over).toBeHidden();
  await atYearEnd(first, 'Tutup tahun');
  const close = first.getByRole('dialog');
  await close.getByLabel('Sisa dana tersedia').selectOption('carry_over');
  await close.getByLabel('Sumber tahun depan').selectOption({ label: `APBD uji ${year + 1}` });
  await close.getByRole('button', { name: 'Tutup tahun' }).click();
  await expect(first.getByText('Menunggu persetujuan orang kedua.')).toBeVisible();
  // Whoever asked cannot approve.
  await expect(first.getByRole('button', { name: 'Setujui' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(first.getByTitle('Usulan Anda sendiri: orang lain yang menyetujui.')).toBeVisible();

  const second = await desk(browser, 'coordinator2');
  await open(second, year);
  await second.getByRole('button', { name: 'Setujui' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Setujui' }).click();
  await expect(second.getByText(/Tahun sumber ini sudah ditutup/)).toBeVisible();
  await expect(second.getByRole('button', { name: 'Anggarkan' })).toHaveCount(0);
  await open(second, year + 1);
  await expect(second.getByText('Rp 800.000.000').first()).toBeVisible();
});
