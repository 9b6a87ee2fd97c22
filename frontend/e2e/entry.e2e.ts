// Somebody who is in the registry is entered once more: the form shows him beside what is typed, the service does not
// store it before a person has decided, and the decision is kept.
import { expect, type Page, test } from '@playwright/test';
import { desk, type Home, type Person, twoHomes } from './helpers';

async function fill(page: Page, person: Person) {
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel(/^Nama(?! ibu)/)
    .first()
    .fill(person.name);
  await dialog.getByLabel('Tanggal lahir').fill(person.birth_date ?? '');
  await dialog.getByLabel('Nama ibu').fill(person.mother_name ?? '');
  return dialog;
}

test('a member who is recorded already is seen beside the form, and told apart with a reason', async ({
  browser,
  request,
}) => {
  const { api, home, person, other } = await twoHomes(request, 'social_worker');
  const page = await desk(browser, 'social_worker');
  await page.goto(`/households/${other}`);
  await page.getByRole('button', { name: 'Tambah anggota' }).click();
  const dialog = await fill(page, person);
  const known = dialog.getByRole('article', { name: person.name }).first();
  await expect(known).toBeVisible();
  await expect(dialog.getByRole('status').first()).toContainText(/mungkin sama/);
  await expect(known.getByText('sama', { exact: true }).first()).toBeVisible();

  // Nothing is stored before somebody has decided, and the keyboard is led to what has to be decided.
  const before = (await api.get<Home>(`/households/${other}`)).members.length;
  await dialog.getByRole('button', { name: 'Tambah', exact: true }).click();
  await expect(dialog.getByText(/Belum disimpan/)).toBeVisible();
  await expect(dialog.getByRole('heading', { name: /mungkin sama/ })).toBeFocused();
  expect((await api.get<Home>(`/households/${other}`)).members.length).toBe(before);

  // By the keyboard alone: somebody else, and why, for each of them.
  const elses = dialog.getByRole('button', { name: /^Orang lain/ });
  while ((await elses.count()) > 0) {
    await elses.first().focus();
    await page.keyboard.press('Enter');
    await expect(dialog.getByLabel(/^Mengapa bukan/)).toBeFocused();
    await page.keyboard.type('Sepupu dengan nama yang sama');
    await page.keyboard.press('Enter');
  }
  await dialog.getByRole('button', { name: 'Tambah', exact: true }).click();
  await expect(page.getByText('Anggota ditambahkan.')).toBeVisible();
  const after = await api.get<Home>(`/households/${other}`);
  expect(after.members.length).toBe(before + 1);
  const added = after.members.find((one) => one.name === person.name);
  expect(added?.id).not.toBe(person.id);

  // The same again: this time it is him, and his family is opened.
  await page.getByRole('button', { name: 'Tambah anggota' }).click();
  await fill(page, person);
  const same = page
    .getByRole('dialog')
    .getByRole('article', { name: person.name })
    .filter({ hasText: 'mirip' })
    .or(page.getByRole('dialog').getByRole('article', { name: person.name }));
  await expect(same.first()).toBeVisible();
  await same
    .first()
    .getByRole('button', { name: /^Ini orangnya/ })
    .click();
  await expect(page).toHaveURL(new RegExp(`/households/(${home.id}|${other})`));
  await page.context().close();
});

test('at the counter the family of whoever is recorded is used instead of a new one', async ({
  browser,
  request,
}) => {
  const { home, person } = await twoHomes(request, 'village_operator');
  const page = await desk(browser, 'village_operator');
  await page.goto('/intake');
  await page.getByLabel('Nama, NIK, nomor KK, atau alamat').fill(`${person.name} baru`);
  await page.getByRole('button', { name: 'Keluarga baru' }).click();
  const first = page.getByRole('group', { name: 'Orang ke-1' });
  await first.getByLabel('Nama').fill(person.name);
  await first.getByLabel(/^Tanggal lahir/).fill(person.birth_date ?? '');
  const known = page.getByRole('article', { name: person.name }).first();
  await expect(known).toBeVisible();
  await known.getByRole('button', { name: /^Ini orangnya/ }).click();
  await expect(page.getByText(home.head_name ?? '').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ganti keluarga' })).toBeVisible();
  await page.context().close();
});
