// What must not happen at the counter: the same family helped twice, one seat given to two, help sent to the dead.
import { expect, type Page, test } from '@playwright/test';
import { asRole, type Desk, desk, type Listed } from './helpers';

interface Row {
  id: string;
}
interface Household extends Row {
  status: string;
  members_count: number;
}
interface Person extends Row {
  name: string;
  life_status: string;
}
interface Program extends Row {
  code: string;
  name: { id: string };
}
interface Cycle extends Row {
  seats: number;
  seats_taken: number;
}

/** Families of the worker's area that nothing is known to be wrong with, the last first. */
async function quiet(worker: Desk, members: number): Promise<{ id: string; people: Person[] }[]> {
  const homes = await worker.get<Listed<Household>>('/households?status=active&limit=200');
  const found: { id: string; people: Person[] }[] = [];
  for (const home of homes.data.toReversed()) {
    if (home.members_count < members) continue;
    const problems = await worker.get<Listed<Row>>(`/households/${home.id}/problems?limit=1`);
    const referrals = await worker.get<Listed<Row>>(`/households/${home.id}/referrals?limit=1`);
    if (problems.data.length + referrals.data.length > 0) continue;
    const people = await worker.get<Listed<Person>>(`/households/${home.id}/individuals`);
    const alive = people.data.filter((one) => one.life_status === 'alive');
    if (alive.length >= members) found.push({ id: home.id, people: alive });
    if (found.length === 2) break;
  }
  return found;
}

/** A need that one reports and another verifies; its id. */
async function verified(
  worker: Desk,
  coordinator: Desk,
  subject: { kind: string; id: string },
  need: string,
): Promise<string> {
  const body = { subject, need_code: need, severity: 'high' };
  const { id } = await worker.send<Row>('POST', '/problems', body);
  await coordinator.send('POST', `/problems/${id}/verify`, {}, `/problems/${id}`);
  return id;
}

async function programOf(worker: Desk, need: string, code: string): Promise<Program> {
  const path = `/programs?status=published&need=${need}&limit=200`;
  const programs = await worker.get<Listed<Program>>(path);
  const program = programs.data.find((one) => one.code === code);
  if (!program) throw new Error(`no program ${code}`);
  return program;
}

/** Up to the button that sends. */
async function prepare(page: Page, problem: string, program: string): Promise<void> {
  await page.goto(`/problems/${problem}`);
  await page.getByRole('button', { name: 'Rujuk ke program' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Program/).selectOption(program);
  await expect(dialog.getByLabel(/^Siklus/)).toBeVisible();
}

const send = (page: Page) =>
  page.getByRole('dialog').getByRole('button', { name: 'Kirim rujukan' }).click();

test('a family is refused a second food parcel under the name of another member', async ({
  browser,
  request,
}) => {
  const worker = await asRole(request, 'social_worker');
  const coordinator = await asRole(request, 'coordinator');
  const [family] = await quiet(worker, 2);
  const [first, second] = family?.people ?? [];
  if (!first || !second) throw new Error('no family of two without a problem');
  const program = await programOf(worker, 'pangan', 'BAZNAS_PANGAN');
  const needs: string[] = [];
  for (const person of [first, second]) {
    const subject = { kind: 'individual', id: person.id };
    needs.push(await verified(worker, coordinator, subject, 'pangan'));
  }
  const page = await desk(browser, 'social_worker');
  await prepare(page, needs[0] ?? '', program.id);
  await send(page);
  await expect(page.getByText(/Rujukan dikirim/)).toBeVisible();

  await prepare(page, needs[1] ?? '', program.id);
  await send(page);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Bantuan sejenis sudah dipegang')).toBeVisible();
  await expect(dialog.getByRole('link', { name: program.name.id })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Tetap kirim' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Jangan kirim' }).click();
  await expect(dialog).toBeHidden();
  const left = async () =>
    (
      await worker.get<Listed<{ status: string }>>(`/referrals?problem_id=${needs[1]}&limit=10`)
    ).data.map((one) => one.status);
  await expect.poll(left).toEqual(['cancelled']);
  await page.context().close();
});

test('of two workers who take the last seat at once, one gets it', async ({ browser, request }) => {
  const worker = await asRole(request, 'social_worker');
  const coordinator = await asRole(request, 'coordinator');
  const families = await quiet(worker, 1);
  expect(families.length, 'two families without a problem').toBe(2);
  const program = await programOf(worker, 'pangan', 'BAZNAS_PANGAN');
  const path = `/programs/${program.id}/cycles`;
  const cycle = (await coordinator.get<Listed<Cycle>>(path)).data[0];
  if (!cycle) throw new Error('no cycle');
  const needs: string[] = [];
  for (const { id } of families) {
    needs.push(await verified(worker, coordinator, { kind: 'household', id }, 'pangan'));
  }
  const seats = (count: number) =>
    coordinator.send('PATCH', `${path}/${cycle.id}`, { seats: count }, `${path}/${cycle.id}`);
  await seats(cycle.seats_taken + 1);

  const desks = [await desk(browser, 'social_worker'), await desk(browser, 'social_worker2')];
  for (const [at, page] of desks.entries()) await prepare(page, needs[at] ?? '', program.id);
  await Promise.all(desks.map(send));
  const sent = desks.map((page) => page.getByText(/Rujukan dikirim/));
  for (const page of desks) {
    const answer = page
      .getByText(/Rujukan dikirim/)
      .or(page.getByRole('dialog').getByRole('alert'));
    await expect(answer).toBeVisible();
  }
  const won = await Promise.all(sent.map((text) => text.count()));
  expect(won.sort()).toEqual([0, 1]);
  const after = (await coordinator.get<Listed<Cycle>>(path)).data[0];
  expect(after?.seats_taken).toBe(cycle.seats_taken + 1);
  await seats(cycle.seats);
  for (const page of desks) await page.context().close();
});

test('a death in the middle of a monthly series stops what is still planned', async ({
  browser,
  request,
}) => {
  const worker = await asRole(request, 'social_worker');
  const coordinator = await asRole(request, 'coordinator');
  const officer = await asRole(request, 'agency_officer');
  const [family] = await quiet(worker, 2);
  const person = family?.people.at(-1);
  if (!family || !person) throw new Error('no family of two without a problem');
  const program = await programOf(worker, 'kesehatan', 'PBI_APBD');
  const cycle = (await coordinator.get<Listed<Cycle>>(`/programs/${program.id}/cycles`)).data[0];
  const subject = { kind: 'individual', id: person.id };
  const problem = await verified(worker, coordinator, subject, 'kesehatan');
  const body = { problem_id: problem, cycle_id: cycle?.id };
  const { id } = await worker.send<Row>('POST', '/referrals', body);
  await worker.send('POST', `/referrals/${id}/send`, {}, `/referrals/${id}`);
  await officer.send('POST', `/referrals/${id}/accept`, {}, `/referrals/${id}`);

  // The agency plans three months.
  const agency = await desk(browser, 'agency_officer');
  await agency.goto(`/referrals/${id}`);
  await agency.getByRole('button', { name: 'Rencanakan penyaluran' }).click();
  const plan = agency.getByRole('dialog');
  await plan.getByLabel(/^Nilai per penyaluran/).fill('12.600');
  await plan.getByLabel('Berapa bulan berturut-turut').fill('3');
  await plan.getByLabel(/^Cara penyaluran/).selectOption({ index: 1 });
  await plan.getByRole('button', { name: 'Rencanakan' }).click();
  // Its lines alone: the worker may have ended the referral itself by then.
  const lines = agency.locator('.deliveries');
  await expect(lines.getByText('Direncanakan', { exact: true })).toHaveCount(3);

  // The worker records the death where the family is.
  const page = await desk(browser, 'social_worker');
  await page.goto(`/households/${family.id}`);
  const row = page.getByRole('listitem').filter({ hasText: person.name }).first();
  await row.getByRole('button', { name: 'Catat meninggal' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Tanggal meninggal/).fill(new Date().toISOString().slice(0, 10));
  await dialog.getByLabel(/^Bukti/).selectOption({ index: 1 });
  await dialog.getByRole('button', { name: 'Simpan' }).click();
  await expect(dialog).toBeHidden();

  await agency.reload();
  await expect(lines.getByText('Dibatalkan', { exact: true })).toHaveCount(3);
  await expect(lines.getByText('Direncanakan', { exact: true })).toHaveCount(0);
  for (const one of [agency, page]) await one.context().close();
});
