// The agency's inbox answered by keyboard, and the board and the table over one set of filters.
import { expect, test } from '@playwright/test';
import { asRole, desk, type Listed } from './helpers';

interface Referral {
  id: string;
  status: string;
  due_at: string | null;
}

test('an agency answers its inbox without a mouse', async ({ browser, request }) => {
  const api = await asRole(request, 'agency_officer');
  const before = await api.get<Listed<Referral>>('/referrals?status=sent&mine=true&limit=100');
  expect(before.data.length, 'the demo city has referrals to answer').toBeGreaterThan(1);
  const page = await desk(browser, 'agency_officer');
  await page.goto('/inbox');
  const letter = page.getByRole('region', { name: 'Rujukan yang dipilih' });
  await expect(letter.getByRole('button', { name: /^Terima/ })).toBeVisible();
  const heads = page.locator('.inbox-head');
  await expect(heads).toHaveCount(before.data.length);

  // Down and up again; what is due first stands first.
  await page.keyboard.press('j');
  await expect(heads.nth(1)).toBeFocused();
  await expect(heads.nth(1)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('k');
  await expect(heads.first()).toHaveAttribute('aria-pressed', 'true');
  const due = before.data.map((row) => row.due_at ?? '9').sort();
  const first = before.data.find((row) => (row.due_at ?? '9') === due[0]);
  await expect(heads.first()).toHaveAttribute('data-id', first?.id ?? '');

  // Declining asks for a reason before it can be sent.
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Tolak' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.keyboard.press('a');
  await dialog.getByRole('button', { name: 'Terima' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Rujukan diterima.')).toBeVisible();
  await expect(heads).toHaveCount(before.data.length - 1);
  await page.keyboard.press('2');
  await expect(page).toHaveURL(/box=accepted/);
  await expect(page.locator(`[data-id="${first?.id}"]`)).toBeVisible();

  // A day for it, and it has moved on.
  await page.locator(`[data-id="${first?.id}"]`).click();
  await page.keyboard.press('s');
  const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel('Tanggal layanan').fill(day);
  await dialog.getByRole('button', { name: 'Jadwalkan' }).click();
  await expect(page.getByText('Jadwal tersimpan.')).toBeVisible();
  await page.keyboard.press('3');
  await expect(page.locator(`[data-id="${first?.id}"]`)).toBeVisible();
  await page.context().close();
});

test('board and table show the same referrals, by filters in the address', async ({
  browser,
  request,
}) => {
  const page = await desk(browser, 'coordinator');
  await page.goto('/referrals?overdue=true');
  await expect(page.getByText(/lewat batas/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Papan', exact: true }).click();
  await expect(page).toHaveURL(/overdue=true/);
  await expect(page).toHaveURL(/view=board/);
  const sent = page.getByRole('region', { name: 'Dikirim', exact: true });
  await expect(sent).toBeVisible();
  const cards = page.locator('.board-card');
  await expect(cards.first()).toBeVisible();
  expect(await cards.count()).toBe(await page.locator('.board-card[data-late]').count());

  // From card to card with the arrows.
  await cards.first().getByRole('link').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(cards.first().getByRole('link')).toBeFocused();

  // A step that is another's is shown, off, with whose it is.
  const onward = { sent: 'Terima', accepted: 'Jadwalkan', in_service: 'Selesaikan' };
  const api = await asRole(request, 'social_worker');
  const own = await api.get<Listed<Referral>>('/referrals?limit=200');
  const status = (['sent', 'accepted', 'in_service'] as const).find((name) =>
    own.data.some((row) => row.status === name),
  );
  if (!status) throw new Error('the social worker has no referral under way');
  const worker = await desk(browser, 'social_worker');
  await worker.goto(`/referrals?view=board&status=${status}`);
  await expect(worker.locator('.board-column')).toHaveCount(1);
  const next = worker.getByRole('button', { name: onward[status] }).first();
  await expect(next).toHaveAttribute('aria-disabled', 'true');
  await next.focus();
  await worker.keyboard.press('Enter');
  await expect(worker.getByText(/Menunggu lembaga penerima/).last()).toBeVisible();
  for (const desk of [page, worker]) await desk.context().close();
});

interface Held extends Referral {
  amount_idr: number;
  can: string[];
}

test('help is planned, approved by another, given with proof, and accounted for', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000);
  const api = await asRole(request, 'agency_officer');
  let referral: Held | undefined;
  for (const status of ['accepted', 'scheduled', 'in_service']) {
    const rows = await api.get<Listed<Held>>(`/referrals?status=${status}&mine=true&limit=50`);
    for (const row of rows.data) {
      const lines = await api.get<Listed<unknown>>(`/referrals/${row.id}/deliveries`);
      if (!referral && lines.data.length === 0 && row.amount_idr > 0) referral = row;
    }
  }
  if (!referral) throw new Error('the agency has nothing to give');
  const officer = await desk(browser, 'agency_officer');
  const coordinator = await desk(browser, 'coordinator');
  const path = `/referrals/${referral.id}`;

  // 1. The officer plans it; more than the referral holds is refused in the form.
  await officer.goto(path);
  await officer.getByRole('button', { name: 'Rencanakan penyaluran' }).click();
  const dialog = officer.getByRole('dialog');
  await dialog.getByLabel(/^Nilai per penyaluran/).fill(String(referral.amount_idr + 1));
  await dialog.getByLabel('Cara penyaluran').selectOption('home');
  await dialog.getByRole('button', { name: 'Rencanakan', exact: true }).click();
  await expect(dialog.getByText(/Melebihi sisa/)).toBeVisible();
  await dialog.getByLabel(/^Nilai per penyaluran/).fill(String(referral.amount_idr));
  await dialog.getByRole('button', { name: 'Rencanakan', exact: true }).click();
  await expect(officer.getByText('Penyaluran direncanakan.')).toBeVisible();
  const line = officer.getByRole('listitem', { name: 'penyaluran 1' });
  await expect(line.getByText('Direncanakan', { exact: true })).toBeVisible();
  // Who planned does not approve.
  await expect(line.getByRole('button', { name: /^Setujui/ })).toHaveCount(0);

  // 2. The coordinator approves by decree.
  await coordinator.goto(path);
  await coordinator.getByRole('button', { name: /^Setujui/ }).click();
  const decree = coordinator.getByRole('dialog');
  await expect(decree.getByRole('button', { name: 'Setujui' })).toBeDisabled();
  await decree.getByLabel('Nomor SK atau keputusan').fill('SK 460/123-Dinsos/2026');
  await decree.getByRole('button', { name: 'Setujui' }).click();
  await expect(coordinator.getByText('Penyaluran disetujui.')).toBeVisible();

  // 3. The officer gives it out, records the receipt with its proof, and accounts for it.
  await officer.reload();
  await line.getByRole('button', { name: /^Salurkan/ }).click();
  await dialog.getByRole('button', { name: 'Salurkan' }).click();
  await expect(officer.getByText('Bantuan disalurkan.')).toBeVisible();
  await line.getByRole('button', { name: /^Catat diterima/ }).click();
  await expect(dialog.getByRole('button', { name: 'Catat diterima' })).toBeDisabled();
  await dialog.getByLabel(/^Bukti/).selectOption('signature');
  await dialog.getByLabel(/^Nomor bukti/).fill('BAST-17');
  await dialog.getByRole('button', { name: 'Catat diterima' }).click();
  await expect(officer.getByText('Penerimaan tercatat dengan bukti.')).toBeVisible();
  await expect(line.getByText(/Tanda tangan penerima · BAST-17/)).toBeVisible();
  await line.getByRole('button', { name: /^Pertanggungjawabkan/ }).click();
  await dialog.getByLabel(/^Nomor laporan/).fill('SPJ-2026-11');
  await dialog.getByRole('button', { name: 'Pertanggungjawabkan' }).click();
  await expect(line.getByText('Dipertanggungjawabkan', { exact: true })).toBeVisible();

  // 4. It stands in the list of all deliveries.
  await coordinator.goto('/deliveries?status=accounted');
  await expect(coordinator.getByRole('row').nth(1)).toBeVisible();
  for (const page of [officer, coordinator]) await page.context().close();
});

interface Offer {
  program_name: { id: string };
  seats_left: number | null;
  funded: boolean;
  outcome: string | null;
  asked_before: boolean;
}

test('after a decline the next fitting program is asked, and what it learns is recorded', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000);
  const api = await asRole(request, 'coordinator');
  const declined = await api.get<Listed<Referral & { problem_id: string }>>(
    '/referrals?status=declined&limit=100',
  );
  const page = await desk(browser, 'coordinator');
  let sent = '';
  for (const row of declined.data) {
    const problem = await api.get<{ can: string[] }>(`/problems/${row.problem_id}`);
    if (!problem.can.includes('refer')) continue;
    const offers = await api.get<Listed<Offer>>(`/problems/${row.problem_id}/offers`);
    const offer = offers.data
      .filter((item) => !item.asked_before)
      .slice(0, 6)
      .find((item) => (item.seats_left ?? 0) > 0 && item.funded && item.outcome === 'eligible');
    if (!offer) continue;
    const name = offer.program_name.id;
    await page.goto(`/referrals/${row.id}`);
    const card = page.getByRole('region', { name: 'Program lain yang cocok' });
    await expect(card.getByText(name, { exact: true }).first()).toBeVisible();
    await card.getByRole('button', { name: `Kirim rujukan ${name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Kirim rujukan' }).click();
    await expect(page.getByText(/Rujukan dikirim/)).toBeVisible();
    sent = name;
    break;
  }
  expect(sent, 'a declined need has another program to ask').not.toBe('');
  await page.goto('/disclosures');
  await expect(page.getByRole('heading', { level: 1, name: 'Pembukaan data' })).toBeVisible();
  await page.goto('/waitlist?status=waiting');
  await expect(page.getByRole('heading', { level: 1, name: 'Daftar tunggu' })).toBeVisible();
  await page.context().close();
});
