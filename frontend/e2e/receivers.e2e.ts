// An organization without an account: asked by a link that is shown once, it answers without signing in; another's
// answer is recorded with what shows it; and the receiver is told how a family is reached once a day is fixed.
import { expect, test } from '@playwright/test';
import { asRole, desk, type Listed } from './helpers';

interface Referral {
  id: string;
  subject_name: string | null;
  can: string[];
}

const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer << /Root 1 0 R >>\nstartxref\n45\n%%EOF\n',
);

test('who has no account answers by a link, or is answered for with evidence', async ({
  browser,
  request,
}, info) => {
  test.setTimeout(180_000);
  const api = await asRole(request, 'coordinator');
  const sent = await api.get<Listed<Referral>>('/referrals?status=sent&limit=200');
  const waiting = sent.data.filter((row) => row.can.includes('make-link'));
  const [first, second] = waiting;
  if (!first?.subject_name || !second) throw new Error('nobody without an account is asked');
  const worker = await desk(browser, 'coordinator');

  // The link is shown once; what is printed ends it.
  await worker.goto(`/referrals/${first.id}`);
  await worker.getByRole('button', { name: 'Buat tautan', exact: true }).click();
  const once = worker.getByRole('dialog', { name: 'Tautan sekali pakai' });
  const old = (await once.getByRole('button').filter({ hasText: '/answer#' }).textContent()) ?? '';
  expect(old).toContain('/answer#');
  await once.getByRole('button', { name: /Sudah|Selesai/ }).click();
  const [letter] = await Promise.all([
    worker.waitForEvent('download'),
    worker.getByRole('button', { name: 'Cetak surat' }).click(),
  ]);
  expect(letter.suggestedFilename()).toBe('rujukan.pdf');
  await expect(worker.getByRole('button', { name: 'Buat tautan baru' })).toBeVisible();
  const origin = new URL(worker.url()).origin;
  const stranger = await (await browser.newContext()).newPage();
  const hash = (text: string) => `#${text.split('#')[1]?.match(/^[0-9A-Z]{20}/)?.[0] ?? ''}`;
  await stranger.goto(`${origin}/answer${hash(old)}`);
  await expect(
    stranger.getByRole('heading', { name: 'Tautan ini tidak berlaku lagi' }),
  ).toBeVisible();

  // The newest opens, tells nothing of whom, and answers once.
  await worker.getByRole('button', { name: 'Buat tautan baru' }).click();
  const link = (await once.getByRole('button').filter({ hasText: '/answer#' }).textContent()) ?? '';
  await once.getByRole('button', { name: /Sudah|Selesai/ }).click();
  const asked: string[] = [];
  const holder = await (await browser.newContext()).newPage();
  holder.on('request', (one) => asked.push(one.url()));
  await holder.goto(`${origin}/answer${hash(link)}`);
  await expect(holder.getByRole('heading', { name: /Yang dirujuk kepada/ })).toBeVisible();
  await expect(holder.getByText(first.subject_name)).toHaveCount(0);
  await holder.screenshot({ path: info.outputPath('answer.png'), fullPage: true });
  await holder.getByRole('button', { name: 'Terima rujukan' }).click();
  await expect(holder.getByText('Wajib diisi')).toBeVisible();
  await holder.getByLabel('Nama dan jabatan Anda').fill('Ibu Ratna, sekretariat');
  await holder.getByRole('button', { name: 'Terima rujukan' }).click();
  await expect(holder.getByRole('heading', { name: 'Rujukan diterima' })).toBeVisible();
  await expect(holder.getByText(first.subject_name).first()).toBeVisible();
  const key = hash(link).slice(1);
  expect(asked.filter((url) => url.includes(key) && !url.includes('#'))).toEqual([]);
  await worker.reload();
  await expect(worker.getByText(/Dijawab oleh Ibu Ratna/)).toBeVisible();

  // Another answered by telephone: nothing is recorded without what shows it.
  await worker.goto(`/referrals/${second.id}`);
  await worker.getByRole('button', { name: 'Catat jawaban' }).click();
  const form = worker.getByRole('dialog');
  await form.getByRole('button', { name: 'Catat jawaban' }).click();
  await expect(form.getByText('Wajib diisi').first()).toBeVisible();
  await form.getByLabel(/^Jawaban/).selectOption('decline');
  await form.getByLabel('Alasan').selectOption({ index: 1 });
  await form.getByLabel('Cara jawaban disampaikan').selectOption('phone');
  await form.getByLabel('Siapa yang menjawab').fill('Pak Asep');
  await form.getByRole('button', { name: 'Catat jawaban' }).click();
  await expect(form.getByText('Wajib diisi')).toBeVisible();
  await form.locator('input[type=file]').setInputFiles({
    name: 'catatan.pdf',
    mimeType: 'application/pdf',
    buffer: PDF,
  });
  await form.getByRole('button', { name: 'Catat jawaban' }).click();
  await expect(worker.getByText('Jawaban tercatat.')).toBeVisible();
  await expect(worker.getByText(/Dijawab oleh Pak Asep/)).toBeVisible();
  for (const page of [worker, stranger, holder]) await page.context().close();
});

test('the receiver is told how a family is reached once a day is fixed', async ({
  browser,
  request,
}) => {
  const api = await asRole(request, 'agency_officer');
  const rows = await api.get<Listed<Referral>>('/referrals?status=accepted&mine=true&limit=50');
  const row = rows.data[0];
  if (!row) throw new Error('the agency has accepted nothing');
  const page = await desk(browser, 'agency_officer');
  await page.goto(`/referrals/${row.id}`);
  await expect(page.getByRole('button', { name: 'Jadwalkan' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Tampilkan kontak' })).toHaveCount(0);
  const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  await page.getByRole('button', { name: 'Jadwalkan' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tanggal layanan').fill(day);
  await dialog.getByRole('button', { name: 'Jadwalkan' }).click();
  await page.getByRole('button', { name: 'Tampilkan kontak' }).click();
  const contact = page.getByRole('region', { name: 'Kontak warga' });
  await expect(contact.getByText(row.subject_name ?? '-').first()).toBeVisible();
  await page.context().close();
});
