// The thread through the whole: a family out of a file, a problem, a second person who verifies it,
// a referral that takes seat and money, an agency that accepts it and reports the outcome.
import { expect, test } from '@playwright/test';
import { asRole, desk, goTo, type Listed } from './helpers';

interface Program {
  id: string;
  name: { id: string };
  organization_id: string;
  needs: string[];
  access_mode: string;
  status: string;
  claim_unit: string;
  areas: string[];
  sensitivity?: string;
}
interface Cycle {
  id: string;
  status: string;
  seats: number;
  seats_taken: number;
}

test('from an imported household to a completed referral, by three roles', async ({
  browser,
  request,
}) => {
  test.setTimeout(240_000);
  // What there is to choose from: a program with a free seat, of an organization that somebody
  // answers for, open to everybody's eyes.
  const lists = await (await asRole(request, 'coordinator')).get<{
    entries: { code: string; name: { id: string }; sensitivity: string }[];
  }>('/code-lists/needs');
  const open = new Map(
    lists.entries
      .filter((entry) => entry.sensitivity === 'open')
      .map((entry) => [entry.code, entry.name.id]),
  );
  let program: Program | undefined;
  let answering = '';
  for (answering of ['agency_officer', 'partner']) {
    const officer = await asRole(request, answering);
    const own = officer.account.grants.find((grant) => grant.scope_kind === 'organization');
    const offered = await officer.get<Listed<Program>>(
      `/programs?status=published&access_mode=referral&organization_id=${own?.scope_ref}&limit=200`,
    );
    for (const candidate of offered.data) {
      if (candidate.sensitivity === 'restricted' || candidate.areas.length > 0) continue;
      if (!candidate.needs.some((code) => open.has(code))) continue;
      const cycles = await officer.get<Listed<Cycle>>(`/programs/${candidate.id}/cycles`);
      if (cycles.data.some((item) => item.status === 'open' && item.seats_taken < item.seats)) {
        program = candidate;
        break;
      }
    }
    if (program) break;
  }
  expect(program, 'an organization that somebody answers for has a program').toBeTruthy();
  const need = program?.needs.find((code) => open.has(code)) ?? '';
  const needName = open.get(need) ?? '';
  const programName = program?.name.id ?? '';

  // 1. The social worker opens the newest family of the own kecamatan and reports what was seen.
  const worker = await desk(browser, 'social_worker');
  await goTo(worker, 'Keluarga');
  await worker.getByLabel('Status').selectOption('active');
  await worker.getByLabel('Sumber').selectOption('dtsen');
  await worker.getByRole('row').nth(1).getByRole('link').click();
  await expect(worker).toHaveURL(/\/households\/[0-9a-f-]{36}/);
  const household = worker.url();
  await worker.getByRole('tab', { name: 'Masalah' }).click();
  await worker.getByRole('button', { name: 'Laporkan masalah' }).click();
  const report = worker.getByRole('dialog');
  if (program?.claim_unit === 'person') await report.getByLabel('Siapa').selectOption({ index: 2 });
  await report.getByLabel('Kebutuhan').selectOption(need);
  await report.getByLabel('Kegawatan').selectOption('high');
  await report.getByLabel(/Uraian/).fill('Dilihat saat kunjungan rumah.');
  await report.getByRole('button', { name: 'Laporkan masalah' }).click();
  await expect(worker.getByText('Masalah dilaporkan.')).toBeVisible();
  const card = worker.getByRole('article', { name: needName }).first();
  await expect(card.getByText('Dilaporkan', { exact: true }).first()).toBeVisible();
  // Whoever reports does not verify: the button is there, off, and says why.
  await expect(card.getByRole('button', { name: 'Verifikasi' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );

  // 2. The coordinator verifies.
  const coordinator = await desk(browser, 'coordinator');
  await coordinator.goto(household);
  await coordinator.getByRole('tab', { name: 'Masalah' }).click();
  const same = coordinator.getByRole('article', { name: needName }).first();
  await same.getByRole('button', { name: 'Verifikasi' }).click();
  await coordinator.getByRole('dialog').getByRole('button', { name: 'Verifikasi' }).click();
  await expect(coordinator.getByText('Masalah terverifikasi.')).toBeVisible();

  // 3. The social worker refers it to the agency's program.
  await worker.reload();
  await worker
    .getByRole('article', { name: needName })
    .first()
    .getByRole('button', { name: 'Rujuk ke program' })
    .click();
  const send = worker.getByRole('dialog');
  await send.getByLabel(/^Program/).selectOption(program?.id ?? '');
  await send.getByRole('button', { name: 'Kirim rujukan' }).click();
  await expect(worker.getByText(/Rujukan dikirim/)).toBeVisible();
  await worker.getByRole('tab', { name: 'Rujukan' }).click();
  await worker.getByRole('link', { name: programName }).first().click();
  await expect(worker).toHaveURL(/\/referrals\/[0-9a-f-]{36}/);
  const referral = worker.url();

  // 4. The agency finds it in its inbox, accepts and completes it with an outcome.
  const agencyDesk = await desk(browser, answering);
  await goTo(agencyDesk, 'Rujukan');
  await agencyDesk.getByRole('link', { name: 'Kotak masuk' }).click();
  await expect(agencyDesk.getByRole('region', { name: 'Rujukan yang dipilih' })).toBeVisible();
  await agencyDesk.goto(referral);
  await agencyDesk.getByRole('button', { name: 'Terima' }).click();
  await agencyDesk.getByRole('dialog').getByRole('button', { name: 'Terima' }).click();
  await expect(agencyDesk.getByText('Rujukan diterima.')).toBeVisible();
  await agencyDesk.getByRole('button', { name: 'Selesaikan' }).click();
  const done = agencyDesk.getByRole('dialog');
  await done.getByLabel('Hasil').selectOption('need_met');
  await done.getByRole('button', { name: 'Selesaikan' }).click();
  await expect(agencyDesk.getByText('Rujukan selesai dengan hasil.')).toBeVisible();
  await expect(agencyDesk.getByText('Selesai', { exact: true }).first()).toBeVisible();

  // 5. The social worker sees the outcome on the family's page.
  await worker.goto(`${household.split('?')[0]}?tab=problems`);
  await expect(
    worker.getByRole('article', { name: needName }).first().getByText('Terpenuhi', { exact: true }),
  ).toBeVisible();
  for (const page of [worker, coordinator, agencyDesk]) await page.context().close();
});
