import { expect, it } from 'vitest';
import { ApiProblem } from '~/api/problem';
import { faultsOf, type Layout, type Sample, withSample } from './types';

const base: Layout = {
  source: 'dtsen',
  code_version: '1',
  files: [
    {
      file: 'members',
      required: [['name'], ['nik']],
      columns: [
        { variable: 'nik', header: 'nik', aliases: ['no_ktp'] },
        { variable: 'name', header: 'nama' },
        { variable: 'sex', header: 'jk', kind: 'field' },
      ],
    },
  ],
};
const column = (key: string, variable: string | null) => ({
  heading: key,
  key,
  variable,
  kind: variable && 'field',
  known: false,
  look: 'text',
  samples: [],
});
const sample = (...columns: ReturnType<typeof column>[]): Sample => ({
  name: 'dtsen',
  part: 'members',
  encoding: 'utf-8',
  separator: ';',
  header_row: 1,
  columns,
  missing: [],
  variables: [],
});
const pick = (variable: string, codes = {}) => ({ variable, codes });

it('adds a heading to its variable and keeps what the sample does not show', () => {
  const seen = sample(column('klien', null), column('gender', null), column('no', null));
  const { layout, rows } = withSample(base, seen, {
    klien: pick('name'),
    gender: pick('sex', { cowok: 'male', lain: '' }),
    no: pick(''),
  });
  expect(layout.files[0]?.columns).toEqual([
    { variable: 'nik', header: 'nik', aliases: ['no_ktp'] },
    { variable: 'name', header: 'nama', aliases: ['klien'] },
    { variable: 'sex', header: 'jk', kind: 'field', aliases: ['gender'], codes: { cowok: 'male' } },
  ]);
  expect(rows).toEqual([null, 'klien', 'gender']);
});

it('takes a heading away from what it meant before, and names the map it leaves', () => {
  const seen = sample(column('jk', 'sex'), column('nama', 'name'), column('l_p', null));
  const { layout } = withSample(base, seen, {
    jk: pick('nik'),
    nama: pick(''),
    l_p: pick('sex'),
  });
  expect(layout.files[0]?.columns).toEqual([
    { variable: 'nik', header: 'nik', aliases: ['jk', 'no_ktp'] },
    { variable: 'sex', header: 'l_p', kind: 'field', aliases: [] },
  ]);
  // What is left without a column is not asked for here: the service says that it must be.
  expect(layout.files[0]?.required).toEqual([['nik']]);
});

it('brings a refusal to the headings it speaks of', () => {
  const error = new ApiProblem(422, {
    errors: [
      { pointer: '/definition/files/0/columns/1/codes/a~1b', code: 'unknown_code', detail: '' },
      { pointer: '/definition/files/0/columns/0/variable', code: 'duplicate', detail: '' },
      { pointer: '/definition/types/anak punk', code: 'unknown_code', detail: '' },
      {
        pointer: '/definition/files/0/columns',
        code: 'required',
        detail: 'needs a column for name',
      },
      { pointer: '/name', code: 'pattern', detail: '' },
    ],
  });
  const faults = faultsOf(error, [null, 'gender'], { jenis: pick('ppks_type') });
  expect(faults.rows).toEqual({
    gender: [{ member: 'codes', value: 'a/b', code: 'unknown_code' }],
    jenis: [{ member: 'codes', value: 'anak punk', code: 'unknown_code' }],
  });
  expect(faults.rest.map((fault) => fault.pointer)).toEqual([
    '/definition/files/0/columns/0/variable',
    '/definition/files/0/columns',
  ]);
});
