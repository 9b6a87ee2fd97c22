// A plan is calculated, read, proposed, approved by another and carried out: a referral exists in the end.
import { expect, test } from '@playwright/test';
import { asRole, desk, type Listed } from './helpers';

interface Plan {
  id: string;
  execution: { sent: number };
}
interface Solved {
  solved_at: string | null;
}
interface Line {
  status: string;
  referral_id: string | null;
}

test('a plan that one proposes and another approves becomes referrals', async ({
  browser,
  request,
}) => {
  test.setTimeout(240_000);
  const api = await asRole(request, 'coordinator');
  const page = await desk(browser, 'coordinator');
  await page.goto('/matching');
  await page.getByRole('link', { name: 'Alokasi' }).click();
  await page.getByRole('link', { name: 'Rencana baru' }).first().click();

  // What cannot be meant is told beside its field; then one program, so that the rest of the city stays as it is.
  await page.getByRole('button', { name: 'Hitung rencana' }).click();
  await expect(page.getByText('Wajib diisi.').first()).toBeVisible();
  await page.getByLabel('Nama').fill('Alat bantu akhir tahun');
  const programs = page.getByRole('combobox', { name: /^Program/ });
  await programs.click();
  await programs.fill('Alat Bantu');
  await page
    .getByRole('option', { name: /Alat Bantu Penyandang/ })
    .first()
    .click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Hitung rencana' }).click();
  await expect(
    page.getByRole('heading', { level: 1, name: 'Alat bantu akhir tahun' }),
  ).toBeVisible();
  await expect(page.getByText(/^Terbukti/).first()).toBeVisible({ timeout: 60_000 });
  const id = /allocation-plans\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

  // Where it serves how much: in the list, and the same on the map.
  await expect(page.getByRole('link', { name: 'Sukajadi', exact: true })).toBeVisible();
  const areas = page.locator('.region-map [data-region]');
  await expect(areas).toHaveCount(30);
  await areas.first().hover();
  await expect(page.locator('.map-told')).toContainText(/ terlayani \(\d+ dari \d+ kebutuhan\)/);

  // Who gets what, who does not and why, what more money would buy, and whether it is fair.
  await page.getByRole('link', { name: 'Penerima', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Mendapat' })).toBeVisible();
  await page.getByRole('link', { name: 'Belum terlayani', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Alasan' })).toBeVisible();
  await page.getByRole('link', { name: 'Dana dan kursi', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Bila ditambah' })).toBeVisible();
  await page.getByRole('link', { name: 'Keadilan', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Jenis kelamin' })).toBeVisible();

  // Whoever proposes does not approve.
  await page.getByRole('button', { name: 'Ajukan', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ajukan' }).click();
  await expect(page.getByText('Rencana diajukan.')).toBeVisible();
  const own = page.getByRole('button', { name: 'Setujui', exact: true });
  await expect(own).toHaveAttribute('aria-disabled', 'true');
  await expect(own).toHaveAccessibleDescription(/orang lain yang menyetujui/);

  const second = await desk(browser, 'coordinator2');
  await second.goto(`/allocation-plans/${id}`);
  for (const [button, done] of [
    ['Setujui', 'Rencana disetujui.'],
    ['Laksanakan', 'Pelaksanaan dimulai.'],
  ] as const) {
    await second.getByRole('button', { name: button, exact: true }).click();
    await second.getByRole('dialog').getByRole('button', { name: button }).click();
    await expect(second.getByText(done)).toBeVisible();
  }
  await expect(second.getByText('Selesai dilaksanakan', { exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await second.getByRole('link', { name: 'Penerima', exact: true }).click();
  const referral = second.getByRole('link', { name: 'buka rujukan' }).first();
  await expect(referral).toBeVisible();
  const plan = await api.get<Plan>(`/allocation-plans/${id}`);
  const lines = await api.get<Listed<Line>>(`/allocation-plans/${id}/lines?limit=200`);
  expect(plan.execution.sent).toBeGreaterThan(0);
  expect(lines.data.filter((line) => line.referral_id !== null).length).toBe(plan.execution.sent);
  await referral.click();
  await expect(second).toHaveURL(/\/referrals\/[0-9a-f-]{36}/);
  await expect(second.getByText('Dikirim', { exact: true }).first()).toBeVisible();
  for (const one of [page, second]) await one.context().close();
});

test('two plans are compared in figures, bars and on the map', async ({ browser, request }) => {
  const api = await asRole(request, 'coordinator');
  const made: string[] = [];
  for (const policy of ['optimal', 'first_come']) {
    const plan = await api.send<Plan>('POST', '/allocation-plans', {
      name: `Per ${policy}`,
      policy,
    });
    made.push(plan.id);
    await expect
      .poll(async () => (await api.get<Solved>(`/allocation-plans/${plan.id}`)).solved_at, {
        timeout: 60_000,
      })
      .not.toBeNull();
  }
  const page = await desk(browser, 'coordinator');
  await page.goto('/allocation-plans');
  await page.getByRole('link', { name: 'Bandingkan' }).click();
  await page.getByLabel('Rencana', { exact: true }).selectOption(made[0] ?? '');
  await page.getByLabel('Dibandingkan dengan').selectOption(made[1] ?? '');
  await expect(page.getByRole('heading', { name: 'Siapa yang terlayani' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Terlayani menurut tingkat' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Selisih' }).first()).toBeVisible();
  await expect(page.locator('.region-map [data-region]')).toHaveCount(30);
  // The bars tell what the service counted.
  const compared = await api.get<{ served_by_both: number }>(
    `/allocation-plans/${made[0]}/compare?other=${made[1]}`,
  );
  const both = page.getByRole('listitem').filter({ hasText: 'Keduanya' });
  await expect(both).toContainText(compared.served_by_both.toLocaleString('id-ID'));
  await page.context().close();
});
