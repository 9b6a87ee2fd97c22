import { readFileSync } from 'node:fs';
import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiProblem, NetworkProblem } from '~/api/problem';
import id from '~/i18n/id';
import { fieldErrors, problemDetail, problemTitle } from './problem-text';

beforeAll(() =>
  i18next.init({ lng: 'id', resources: { id: { translation: id } } }).then(() => undefined),
);

describe('refusals in words', () => {
  it('has a title for every code of the service', () => {
    const table = readFileSync('../api/src/kernel/problem.rs', 'utf8');
    const codes = [...table.matchAll(/^ {4}([A-Z_]+) \d{3} "/gm)].map((match) =>
      match[1]?.toLowerCase(),
    );
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => code && !(code in id.problem))).toEqual([]);
  });

  it('falls back from code to status to the server’s own title', () => {
    expect(problemTitle(new ApiProblem(409, { code: 'no_seats' }))).toMatch(/Kursi/);
    expect(problemTitle(new ApiProblem(409, { code: 'brand_new', title: 'New' }))).toBe(
      id.problem.http_409,
    );
    expect(problemTitle(new ApiProblem(418, { code: 'teapot', title: 'Teapot' }))).toBe('Teapot');
    expect(problemTitle(new NetworkProblem())).toBe(id.problem.network);
    expect(problemDetail(new ApiProblem(404, {}))).toBe(id.problem.not_found_detail);
  });

  it('puts refused fields where the form can show them', () => {
    const problem = new ApiProblem(422, {
      errors: [
        { pointer: '/name/id', code: 'required', detail: 'must not be empty' },
        { pointer: '/benefit/value_idr', code: 'odd', detail: 'is odd' },
      ],
    });
    expect(fieldErrors(problem)).toEqual({
      'name.id': id.field.required,
      'benefit.value_idr': 'is odd',
    });
  });
});
