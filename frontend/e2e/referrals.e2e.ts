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
