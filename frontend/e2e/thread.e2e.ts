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
  // What there is to choose from: a program of the officer's own agency with a free seat.
  const officer = await asRole(request, 'agency_officer');
  const agency = officer.account.grants.find(
    (grant) => grant.scope_kind === 'organization',
  )?.scope_ref;
  const offered = (await officer.get<Listed<Program>>('/programs?status=published&limit=200')).data;
  const lists = await officer.get<{
    entries: { code: string; name: { id: string }; sensitivity: string }[];
  }>('/code-lists/needs');
  const open = new Map(
    lists.entries
      .filter((entry) => entry.sensitivity === 'open')
      .map((entry) => [entry.code, entry.name.id]),
  );
  let program: Program | undefined;
  for (const candidate of offered) {
    if (candidate.organization_id !== agency || candidate.access_mode !== 'referral') continue;
    if (candidate.sensitivity === 'restricted' || !candidate.needs.some((need) => open.has(need)))
      continue;
    const cycles = (await officer.get<Listed<Cycle>>(`/programs/${candidate.id}/cycles`)).data;
    if (cycles.some((cycle) => cycle.status === 'open' && cycle.seats_taken < cycle.seats)) {
      program = candidate;
      break;
    }
  }
  expect(program, 'the agency of agency_officer has an open program').toBeTruthy();
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
  await send.getByLabel('Program', { exact: true }).selectOption(program?.id ?? '');
  await send.getByRole('button', { name: 'Kirim rujukan' }).click();
  await expect(worker.getByText(/Rujukan dikirim/)).toBeVisible();
  await worker.getByRole('tab', { name: 'Rujukan' }).click();
  await worker.getByRole('link', { name: programName }).first().click();
  await expect(worker).toHaveURL(/\/referrals\/[0-9a-f-]{36}/);
  const referral = worker.url();

  // 4. The agency finds it in its inbox, accepts and completes it with an outcome.
  const agencyDesk = await desk(browser, 'agency_officer');
  await goTo(agencyDesk, 'Rujukan');
  await agencyDesk.getByRole('tab', { name: 'Menunggu jawaban' }).click();
  await expect(agencyDesk.getByRole('row').nth(1)).toBeVisible();
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
