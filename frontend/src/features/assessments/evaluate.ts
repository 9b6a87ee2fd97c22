// What answers amount to, worked out here so that questions come and go while somebody types. The
// server works out the same after every save, and its word counts.
import type {
  Answers,
  Condition,
  Definition,
  Evaluation,
  Question,
  Scored,
  SectionProgress,
} from '~/api/forms';

const MAX_TEXT = 4000;

/** Why a value does not answer the question, by the server's code; undefined when it does. */
export function refuse(question: Question, value: unknown): string | undefined {
  const known = (code: unknown) => question.options?.some((option) => option.code === code);
  switch (question.kind) {
    case 'yes_no':
      return typeof value === 'boolean' ? undefined : 'wrong_type';
    case 'choice':
      return known(value) ? undefined : 'unknown_code';
    case 'choices':
      return Array.isArray(value) && value.every(known) && new Set(value).size === value.length
        ? undefined
        : 'unknown_code';
    case 'integer':
    case 'money': {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return 'wrong_type';
      const low = typeof question.min === 'number' && value < question.min;
      const high = typeof question.max === 'number' && value > question.max;
      return low || high ? 'range' : undefined;
    }
    case 'date':
      return isDate(value) ? undefined : 'wrong_type';
    default:
      if (typeof value !== 'string') return 'wrong_type';
      return [...value].length > MAX_TEXT ? 'length' : undefined;
  }
}

function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** Whether a question counts as answered. */
export function given(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== 'string' || value.trim() !== '';
}

class World {
  readonly asked = new Set<string>();
  readonly scores = new Map<string, number>();
  private readonly answers: Answers;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  /** What was typed before its question was hidden does not count. */
  private answer(question: string): unknown {
    return this.asked.has(question) ? this.answers[question] : undefined;
  }

  private number(question: string): number | undefined {
    const value = this.answer(question);
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
  }

  met(condition: Condition): boolean {
    switch (condition.op) {
      case 'yes':
        return this.answer(condition.question) === true;
      case 'no':
        return this.answer(condition.question) === false;
      case 'any_of': {
        const value = this.answer(condition.question);
        const list = Array.isArray(value) ? value : [value];
        return list.some((code) => condition.codes.includes(code as string));
      }
      case 'at_least':
        return (this.number(condition.question) ?? Number.NaN) >= condition.number;
      case 'at_most':
        return (this.number(condition.question) ?? Number.NaN) <= condition.number;
      case 'score_at_least':
        return (this.scores.get(condition.score) ?? Number.NaN) >= condition.points;
      case 'all':
        return condition.conditions.every((inner) => this.met(inner));
      case 'any':
        return condition.conditions.some((inner) => this.met(inner));
      case 'not':
        return !this.met(condition.condition);
    }
  }

  open(when: Condition | null | undefined): boolean {
    return !when || this.met(when);
  }
}

function ask(world: World, definition: Definition, answers: Answers): SectionProgress[] {
  const progress: SectionProgress[] = [];
  for (const section of definition.sections) {
    if (!world.open(section.when)) continue;
    const line: SectionProgress = { section: section.code, asked: 0, answered: 0, missing: [] };
    for (const question of section.questions) {
      if (!world.open(question.when)) continue;
      world.asked.add(question.code);
      line.asked += 1;
      if (given(answers[question.code])) line.answered += 1;
      else if (question.required) line.missing.push(question.code);
    }
    progress.push(line);
  }
  return progress;
}

export function evaluate(definition: Definition, answers: Answers): Evaluation {
  const world = new World(answers);
  const progress = ask(world, definition, answers);
  const scores: Scored[] = [];
  for (const score of definition.scores ?? []) {
    const counted = score.items
      .filter((item) => world.met(item.when))
      .map(({ label, points }) => ({ label, points }));
    const points = counted.reduce((sum, item) => sum + item.points, 0);
    const band = score.bands.filter((one) => points >= one.from).at(-1);
    world.scores.set(score.code, points);
    scores.push({
      code: score.code,
      name: score.name,
      points,
      most: score.items.reduce((sum, item) => sum + Math.max(item.points, 0), 0),
      band_code: band?.code ?? null,
      band: band?.name ?? null,
      counted,
    });
  }
  const findings = (definition.findings ?? [])
    .filter((finding) => world.met(finding.when))
    .map(({ need_code, ppks_code, severity }) => ({
      need_code,
      ppks_code: ppks_code ?? null,
      severity,
    }));
  return { progress, scores, findings };
}

/** The questions of a section that are asked with these answers. */
export function askedNow(definition: Definition, answers: Answers): Set<string> {
  const world = new World(answers);
  ask(world, definition, answers);
  return world.asked;
}
