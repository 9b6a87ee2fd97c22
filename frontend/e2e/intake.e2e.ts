// A new family of four at a busy counter by the keyboard alone: every key is counted, nothing is focused or
// chosen in any other way. What it takes a person is reckoned from the keys, since a machine types at once.
import { expect, type Locator, type Page, test } from '@playwright/test';
import { asRole, desk, goTo } from './helpers';

/** Seconds of an average typist for a key, and to think of what comes next (Card, Moran and Newell). */
const A_KEY = 0.28;
const A_THOUGHT = 1.35;

class Keyboard {
  keys = 0;
  fields = 0;
  constructor(private readonly page: Page) {}

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.page.keyboard.press(key);
  }

  /** Tab until it has the focus. */
  async reach(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    for (let presses = 0; presses < 25; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.press('Tab');
    }
    throw new Error(`${String(target)} is not reached by Tab`);
  }

  async type(text: string): Promise<void> {
    this.fields += 1;
    this.keys += Array.from(text).length;
    await this.page.keyboard.type(text);
  }

  async fill(label: string | RegExp, text: string, within: Page | Locator = this.page) {
    await this.reach(within.getByLabel(label).first());
    await this.type(text);
  }
}

test('a new family of four at the counter, by the keyboard alone', async ({ browser, request }) => {
  test.setTimeout(180_000);
  const letters = () =>
    Array.from({ length: 6 }, () => 'bcdfghjklmnprst'[Math.floor(Math.random() * 15)]).join('');
  const head = `Wiyoto ${letters()}`;
  const serial = () => String(5000 + Math.floor(Math.random() * 4900));
  // Days that are their months: whether a browser writes the month first is its own affair.
  const people = [
    { name: head, nik: `327316070780${serial()}`, born: '07071980', relation: 'Kep' },
    {
      name: `Roswita ${letters()}`,
      nik: `327316420283${serial()}`,
      born: '02021983',
      relation: 'Is',
    },
    {
      name: `Gilbran ${letters()}`,
      nik: `327316030311${serial()}`,
      born: '03032011',
      relation: 'An',
    },
    {
      name: `Nazwarin ${letters()}`,
      nik: `327316440415${serial()}`,
      born: '04042015',
      relation: 'An',
    },
  ];

  const page = await desk(browser, 'village_operator');
  await goTo(page, 'Penerimaan');
  const keyboard = new Keyboard(page);
  await expect(page.getByLabel('Nama, NIK, nomor KK, atau alamat')).toBeFocused();
  const started = Date.now();
  await keyboard.type(head);
  await expect(page.getByRole('status').filter({ hasText: 'keluarga ditemukan' })).toBeVisible();
  await keyboard.reach(page.getByRole('button', { name: 'Keluarga baru' }));
  await keyboard.press('Enter');
  await keyboard.fill(/^Nomor KK/, `327316070780${serial()}`);
  await keyboard.fill(/^Jalan|^Alamat/, 'Jl. Cendana 14');
  await keyboard.fill('RT', '003');
  await keyboard.fill('RW', '007');
  for (const [at, person] of people.entries()) {
    if (at > 0) {
      await keyboard.reach(page.getByRole('button', { name: 'Tambah orang' }));
      await keyboard.press('Enter');
    }
    const row = page.getByRole('group', { name: `Orang ke-${at + 1}` });
    if (at > 0) {
      await expect(row.getByLabel('Nama'), 'the new line is where one goes on').toBeFocused();
      await keyboard.type(person.name);
    }
    await keyboard.fill(/^NIK/, person.nik, row);
    await keyboard.fill(/^Tanggal lahir/, person.born, row);
    await keyboard.fill(/^Hubungan/, person.relation, row);
  }
  await keyboard.fill(/^Kebutuhan/, 'Pan');
  await keyboard.fill(/^Uraian|^Keterangan/, 'Dua hari tidak memasak, suami berhenti bekerja.');
  await keyboard.reach(page.getByRole('button', { name: 'Simpan penerimaan' }));
  await keyboard.press('Enter');
  await expect(
    page
      .getByRole('link', { name: 'Buka keluarga' })
      .or(page.getByRole('link', { name: 'Buka masalah' }))
      .first(),
  ).toBeVisible();
  const machine = (Date.now() - started) / 1000;
  const person = keyboard.keys * A_KEY + keyboard.fields * A_THOUGHT;
  process.stdout.write(
    `intake: ${keyboard.keys} keys, ${keyboard.fields} fields, ${Math.round(person)} s of a person, ${Math.round(machine)} s of this machine\n`,
  );
  expect(person, 'below six minutes').toBeLessThan(360);
  expect(keyboard.keys).toBeLessThan(450);

  // It is stored as it was typed.
  const link = await page.locator('a[href^="/households/"]').first().getAttribute('href');
  const api = await asRole(request, 'village_operator');
  const stored = await api.get<{
    members: { name: string; birth_date: string | null; relation: string | null }[];
    addresses: { street: string | null; rt: string | null };
  }>(link ?? '');
  expect(stored.members.map((one) => [one.name, one.birth_date, one.relation])).toEqual(
    expect.arrayContaining(
      people.map((one, at) => [
        one.name,
        `${one.born.slice(4)}-${one.born.slice(2, 4)}-${one.born.slice(0, 2)}`,
        ['head', 'spouse', 'child', 'child'][at],
      ]),
    ),
  );
  expect([stored.addresses.street, stored.addresses.rt]).toEqual(['Jl. Cendana 14', '003']);
});
