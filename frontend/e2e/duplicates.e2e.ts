// One person entered twice: found, looked at side by side, merged by keys alone, and taken apart again.
import { expect, test } from '@playwright/test';
import { asRole, desk, type Listed } from './helpers';

interface Row {
  id: string;
}
interface Person extends Row {
  name: string;
  household_id: string;
}
interface Candidate extends Row {
  status: string;
}

test('a person who stands in the registry twice is merged by keyboard, and undone', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000);
  // One kelurahan does not see the people of another, so nobody is told at entry: the same person, under no number.
  const api = await asRole(request, 'coordinator');
  const operator = await asRole(request, 'village_operator');
  const own = operator.account.grants[0]?.scope_ref;
  const regions = await api.get<Listed<{ code: string; level: string }>>('/regions?limit=200');
  const away = regions.data.find((one) => one.level === 'kelurahan' && one.code !== own)?.code;
  const person = {
    name: 'Zainuddin Wirasasmita',
    birth_date: '1951-03-14',
    sex: 'male',
    mother_name: 'Rukmini',
    relation: 'head',
  };
  const entries = [
    { by: api, region: away, street: 'Jl. Cempaka 7' },
    { by: operator, region: own, street: 'Jl. Cempaka No 7' },
  ];
  for (const { by, region, street } of entries) {
    const body = { region_code: region, addresses: { street, rt: '001', rw: '004' } };
    const home = await by.send<Row>('POST', '/households', body);
    await by.send<Person>('POST', `/households/${home.id}/individuals`, person);
  }

  const page = await desk(browser, 'coordinator');
  await page.goto('/duplicates');
  await page.getByRole('button', { name: 'Cari catatan ganda' }).click();
  await expect(page.getByText(/^Terakhir dicari .*, \d+ pasangan/)).toBeVisible({
    timeout: 60_000,
  });
  await page.getByLabel('Kemungkinan').selectOption('0.9');
  const row = page.getByRole('button', { name: /Zainuddin Wirasasmita/ });
  await expect(row.first()).toBeVisible();
  await row.first().click();
  const pair = page.getByRole('region', { name: 'Berdampingan' });
  await expect(pair.getByRole('row', { name: /^Tanggal lahir sama/ })).toBeVisible();
  await expect(
    pair
      .getByRole('row', { name: /^Alamat/ })
      .locator('mark')
      .first(),
  ).toBeVisible();

  // There and back by keys; then the merge, with nothing but keys.
  await page.locator('body').press('m');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel(/^Alasan/)).toBeFocused();
  await expect(dialog.getByRole('button', { name: 'Gabungkan' })).toBeDisabled();
  await page.keyboard.type('Satu orang, dua berkas.');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/^Digabung\./)).toBeVisible();

  await page.getByLabel('Status', { exact: true }).selectOption('merged');
  await row.first().click();
  await expect(pair.getByText('(digabung)')).toBeVisible();
  await page.locator('body').press('u');
  await page.keyboard.type('Ternyata dua orang.');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Penggabungan dibatalkan.')).toBeVisible();
  const open = await api.get<Listed<Candidate>>('/duplicate-candidates?status=merged&limit=50');
  expect(open.data).toEqual([]);
  await page.context().close();
});
