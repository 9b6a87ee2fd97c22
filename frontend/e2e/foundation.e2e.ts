// A neglected elder and a foundation's food program: from a need that two people saw to a parcel in his hands and a need
// that is met, and what each of those who took part sees of it.
import { type APIRequestContext, expect, type Page, test } from '@playwright/test';
import { asRole, type Desk, desk, type Listed } from './helpers';

interface Row {
  id: string;
}
interface Person extends Row {
  name: string;
  life_status: string;
  birth_date: string | null;
}
interface Elder {
  household: string;
  person: Person;
}

const tag = Date.now().toString(36).toUpperCase();
const PROGRAM = `Paket pangan lansia ${tag}`;
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

/** Somebody over sixty in the operator's kelurahan, of a family with no problem and no referral. */
async function elder(operator: Desk, worker: Desk): Promise<Elder> {
  const homes = await operator.get<Listed<Row & { status: string }>>(
    '/households?status=active&limit=200',
  );
  const born = inDays(-60 * 366);
  for (const home of homes.data) {
    const problems = await worker.get<Listed<Row>>(`/households/${home.id}/problems?limit=1`);
    const referrals = await worker.get<Listed<Row>>(`/households/${home.id}/referrals?limit=1`);
    if (problems.data.length + referrals.data.length > 0) continue;
    const people = await worker.get<Listed<Person>>(`/households/${home.id}/individuals`);
    const person = people.data.find(
      (one) => one.life_status === 'alive' && one.birth_date !== null && one.birth_date < born,
    );
    if (person) return { household: home.id, person };
  }
  throw new Error('no elder without a problem');
}

/** The foundation drafts a program, another publishes it, and what it pledged comes in. */
async function stock(request: APIRequestContext): Promise<{ program: string; source: string }> {
  const partner = await asRole(request, 'partner');
  const coordinator = await asRole(request, 'coordinator');
  const own = partner.account.grants.find((grant) => grant.scope_kind === 'organization');
  const program = await partner.send<Row>('POST', '/programs', {
    code: `PANGAN_${tag}`,
    name: { id: PROGRAM, en: `Food parcels for elders ${tag}` },
    organization_id: own?.scope_ref,
    pillar: 'jaminan_sosial',
    needs: ['pangan'],
    access_mode: 'referral',
    claim_unit: 'person',
    overlap_class: 'food_assistance',
    benefit: { kind: 'goods', unit: 'paket', value_idr: 350_000, period: 'once' },
  });
  const path = `/programs/${program.id}`;
  const cycle = await partner.send<Row>('POST', `${path}/cycles`, {
    name: 'Uji',
    starts_on: inDays(-30),
    ends_on: inDays(300),
    seat_kind: 'stock',
    seats: 5,
  });
  await partner.send('POST', `${path}/submit`, {}, path);
  await coordinator.send('POST', `${path}/publish`, {}, path);
  const source = await partner.send<Row>('POST', '/funding-sources', {
    code: `DANA-${tag}`,
    kind: 'foundation',
    organization_id: own?.scope_ref,
    fiscal_year: new Date(Date.now() + 7 * 3_600_000).getUTCFullYear(),
    name: `Dana pangan ${tag}`,
  });
  const money = `/funding-sources/${source.id}`;
  await partner.send('POST', `${money}/pledge`, { amount_idr: 1_750_000 });
  await coordinator.send('POST', `${money}/receive`, { amount_idr: 1_750_000 });
  await coordinator.send('POST', `${money}/allot`, { amount_idr: 1_750_000, cycle_id: cycle.id });
  return { program: program.id, source: source.id };
}

/** Reported in the kelurahan by one, verified by the social worker. */
async function verified(operator: Page, worker: Page, at: Elder): Promise<void> {
  await operator.goto(`/households/${at.household}?tab=problems`);
  await operator.getByRole('button', { name: 'Laporkan masalah' }).click();
  const report = operator.getByRole('dialog');
  await report.getByLabel('Siapa').selectOption(at.person.id);
  await report.getByLabel('Kebutuhan').selectOption('pangan');
  await report.getByLabel('Kegawatan').selectOption('high');
  await report.getByLabel(/Uraian/).fill('Lansia sendirian, dua hari tidak makan.');
  await report.getByRole('button', { name: 'Laporkan masalah' }).click();
  await expect(operator.getByText('Masalah dilaporkan.')).toBeVisible();
  await worker.goto(`/households/${at.household}?tab=problems`);
  const card = worker
    .getByRole('article')
    .filter({ has: worker.getByText('Dilaporkan', { exact: true }) })
    .first();
  await card.getByRole('button', { name: 'Verifikasi' }).click();
  await worker.getByRole('dialog').getByRole('button', { name: 'Verifikasi' }).click();
  await expect(worker.getByText('Masalah terverifikasi.')).toBeVisible();
}

/** Presses a button of the page, then the one of the same name in the dialog it opens. */
async function confirm(
  page: Page,
  name: string,
  fill?: (dialog: ReturnType<Page['getByRole']>) => Promise<void>,
) {
  await page
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await fill?.(dialog);
  await dialog.getByRole('button', { name }).click();
  await expect(dialog).toBeHidden();
}

test('an elder gets a foundation’s parcel, and four roles see their part of it', async ({
  browser,
  request,
}) => {
  test.setTimeout(240_000);
  const api = await asRole(request, 'social_worker');
  const at = await elder(await asRole(request, 'village_operator'), api);
  const { program, source } = await stock(request);
  const operator = await desk(browser, 'village_operator');
  const worker = await desk(browser, 'social_worker');
  await verified(operator, worker, at);

  // The worker sends it to the foundation's program.
  const problems = await api.get<Listed<Row>>(`/households/${at.household}/problems?limit=1`);
  const problem = problems.data[0]?.id ?? '';
  await worker.goto(`/problems/${problem}`);
  await worker.getByRole('button', { name: 'Rujuk ke program' }).click();
  const dialog = worker.getByRole('dialog');
  await dialog.getByLabel(/^Program/).selectOption(program);
  await expect(dialog.getByLabel(/^Siklus/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Kirim rujukan' }).click();
  await expect(worker.getByText(/Rujukan dikirim/)).toBeVisible();
  const sent = await api.get<Listed<Row>>(`/referrals?problem_id=${problem}&limit=1`);
  const referral = `/referrals/${sent.data[0]?.id}`;

  // The foundation learns who it is by accepting; before, it is told the need and the kelurahan.
  const officer = await desk(browser, 'partner');
  await officer.goto(referral);
  await expect(officer.getByRole('button', { name: 'Terima' })).toBeVisible();
  await expect(officer.getByText(at.person.name)).toHaveCount(0);
  await confirm(officer, 'Terima');
  await expect(officer.getByText(at.person.name).first()).toBeVisible();

  // A parcel is planned, approved by another, and handed over with proof.
  await confirm(officer, 'Rencanakan', async (plan) => {
    await plan.getByLabel(/^Nilai per penyaluran/).fill('350000');
    await plan.getByLabel('Cara penyaluran').selectOption('home');
  });
  const coordinator = await desk(browser, 'coordinator');
  await coordinator.goto(referral);
  await confirm(coordinator, 'Setujui', async (decree) => {
    await decree.getByLabel('Nomor SK atau keputusan').fill('SK 460/9-Dinsos/2026');
  });
  await officer.reload();
  await confirm(officer, 'Catat diterima', async (receipt) => {
    await receipt.getByLabel(/^Bukti/).selectOption('handover_report');
    await receipt.getByLabel(/^Nomor bukti/).fill(`BAST-${tag}`);
  });
  await confirm(officer, 'Selesaikan', async (done) => {
    await done.getByLabel('Hasil').selectOption('need_met');
  });

  // The foundation sees its proof, the worker the need that is met, the coordinator the money, the auditor all of it
  // without a name.
  await expect(officer.getByText(new RegExp(`BAST-${tag}`))).toBeVisible();
  await worker.goto(`/problems/${problem}`);
  await expect(worker.getByText('Terpenuhi', { exact: true }).first()).toBeVisible();
  await coordinator.goto(`/funding-sources/${source}`);
  await expect(coordinator.getByText('Rp 350.000').first()).toBeVisible();
  await expect(coordinator.getByText('Rp 1.400.000').first()).toBeVisible();
  const auditor = await desk(browser, 'auditor');
  await auditor.goto(referral);
  await expect(auditor.getByText('Selesai', { exact: true }).first()).toBeVisible();
  await expect(auditor.getByText(PROGRAM).first()).toBeVisible();
  await expect(auditor.getByText(at.person.name)).toHaveCount(0);
  for (const page of [operator, worker, officer, coordinator, auditor]) {
    await page.context().close();
  }
});
