import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Condition, Definition, Question } from '~/api/forms';
import { askedNow, evaluate, given, refuse } from './evaluate';

const forms = JSON.parse(readFileSync('../api/data/instruments.json', 'utf8')) as {
  code: string;
  definition: Definition;
}[];
const form = (code: string): Definition => {
  const found = forms.find((one) => one.code === code);
  if (!found) throw new Error(`no form ${code}`);
  return found.definition;
};
const nine = form('fakir_miskin_9');
const all = (value: boolean) =>
  Object.fromEntries(
    nine.sections
      .flatMap((section) => section.questions)
      .filter((question) => question.kind === 'yes_no')
      .map((question) => [question.code, value]),
  );

const label = { id: 'Uji' };
const question = (part: Partial<Question>): Question => ({
  code: 'q',
  text: label,
  kind: 'text',
  ...part,
});

describe('the poverty check', () => {
  it('asks about a dwelling only where there is one', () => {
    const sections = (answers: object) =>
      evaluate(nine, answers as Record<string, unknown>).progress.map((line) => line.section);
    expect(sections({})).not.toContain('dwelling');
    expect(sections({ no_shelter: true })).not.toContain('dwelling');
    expect(sections({ no_shelter: false })).toContain('dwelling');
  });

  it('counts what is asked and says what is missing', () => {
    const half = evaluate(nine, { no_shelter: false, food_worry: true });
    expect(half.scores[0]?.points).toBe(1);
    expect(half.progress.flatMap((line) => line.missing)).toHaveLength(7);
    const full = evaluate(nine, { ...all(true), no_shelter: false });
    expect([full.scores[0]?.points, full.scores[0]?.band_code]).toEqual([8, 'poor']);
    expect(full.scores[0]?.counted).toHaveLength(8);
    expect(full.progress.every((line) => line.missing.length === 0)).toBe(true);
  });

  it('does not count what was typed before a condition hid its question', () => {
    const hidden = evaluate(nine, { ...all(true) });
    // Nine points for having no shelter, four for the rest; the dwelling is not asked about.
    expect(hidden.scores[0]?.points).toBe(13);
    expect(askedNow(nine, all(true)).has('no_toilet')).toBe(false);
  });
});

describe('conditions', () => {
  const met = (when: Condition, answers: Record<string, unknown>) =>
    evaluate(
      {
        sections: [
          {
            code: 'a',
            title: label,
            questions: [
              question({ code: 'n', kind: 'integer' }),
              question({ code: 'many', kind: 'choices', options: [{ code: 'x', label }] }),
              question({ code: 'flag', kind: 'yes_no' }),
            ],
          },
        ],
        scores: [
          {
            code: 's',
            name: label,
            items: [{ when: { op: 'yes', question: 'flag' }, points: 2, label }],
            bands: [],
          },
        ],
        findings: [{ when, need_code: 'pangan', severity: 'high' }],
      },
      answers,
    ).findings.length === 1;

  it.each([
    [{ op: 'at_least', question: 'n', number: 3 }, { n: 3 }, true],
    [{ op: 'at_least', question: 'n', number: 3 }, { n: 2 }, false],
    [{ op: 'at_most', question: 'n', number: 3 }, {}, false],
    [{ op: 'at_most', question: 'n', number: 3 }, { n: 'abc' }, false],
    [{ op: 'any_of', question: 'many', codes: ['x', 'y'] }, { many: ['x'] }, true],
    [{ op: 'any_of', question: 'many', codes: ['y'] }, { many: ['x'] }, false],
    [{ op: 'no', question: 'flag' }, {}, false],
    [{ op: 'not', condition: { op: 'yes', question: 'flag' } }, {}, true],
    [{ op: 'score_at_least', score: 's', points: 2 }, { flag: true }, true],
    [{ op: 'score_at_least', score: 's', points: 2 }, { flag: false }, false],
    [{ op: 'score_at_least', score: 'unknown', points: 0 }, {}, false],
    [{ op: 'yes', question: 'never_asked' }, { never_asked: true }, false],
  ] as [Condition, Record<string, unknown>, boolean][])('%j of %j is %s', (when, answers, is) => {
    expect(met(when, answers)).toBe(is);
    expect(met({ op: 'all', conditions: [when] }, answers)).toBe(is);
    expect(met({ op: 'any', conditions: [when] }, answers)).toBe(is);
    expect(met({ op: 'not', condition: when }, answers)).toBe(!is);
  });
});

describe('answers', () => {
  const options = [
    { code: 'x', label },
    { code: 'y', label },
  ];
  it.each([
    [{ kind: 'yes_no' }, true, undefined],
    [{ kind: 'yes_no' }, 'true', 'wrong_type'],
    [{ kind: 'choice', options }, 'x', undefined],
    [{ kind: 'choice', options }, 'z', 'unknown_code'],
    [{ kind: 'choices', options }, ['x', 'y'], undefined],
    [{ kind: 'choices', options }, ['x', 'x'], 'unknown_code'],
    [{ kind: 'integer', min: 0, max: 6 }, 7, 'range'],
    [{ kind: 'integer', min: 0, max: 6 }, 1.5, 'wrong_type'],
    [{ kind: 'money', min: 0 }, 0, undefined],
    [{ kind: 'date' }, '2026-02-30', 'wrong_type'],
    [{ kind: 'date' }, '2026-02-28', undefined],
    [{ kind: 'text' }, 'x'.repeat(4001), 'length'],
    [{ kind: 'text' }, '🍚'.repeat(4000), undefined],
  ] as [Partial<Question>, unknown, string | undefined][])('%j', (part, value, why) => {
    expect(refuse(question(part), value)).toBe(why);
  });

  it('takes an empty text for none', () => {
    expect([given(''), given('  '), given(null), given(false), given(0)]).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});
