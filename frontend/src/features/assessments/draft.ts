// An assessment as flat fields, and back as the merge-patch the server takes.
import type { Answers, Assessment } from '~/api/forms';
import { pointerToField } from '~/api/problem';
import type { Flat } from './autosave';

const ANSWER = 'answers.';

export const answerField = (code: string) => `${ANSWER}${code}`;
export const codeOf = (field: string) =>
  field.startsWith(ANSWER) ? field.slice(ANSWER.length) : undefined;

export function flatten(assessment: Assessment): Flat {
  const flat: Flat = {
    conclusion: assessment.conclusion,
    recommended: assessment.recommended,
  };
  for (const [code, value] of Object.entries(assessment.answers ?? {})) {
    flat[answerField(code)] = value;
  }
  return flat;
}

export function answersOf(values: Flat, without: Record<string, unknown> = {}): Answers {
  const answers: Answers = {};
  for (const [field, value] of Object.entries(values)) {
    const code = codeOf(field);
    if (code !== undefined && value !== null && !(field in without)) answers[code] = value;
  }
  return answers;
}

export function toPatch(changes: Flat): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  const answers: Answers = {};
  for (const [field, value] of Object.entries(changes)) {
    const code = codeOf(field);
    if (code === undefined) patch[field] = value;
    else answers[code] = value;
  }
  if (Object.keys(answers).length > 0) patch.answers = answers;
  return patch;
}

/** `/answers/food_worry` → `answers.food_worry`, `/recommended/0/note` → `recommended`. */
export function fieldOf(pointer: string): string {
  const field = pointerToField(pointer);
  return field.startsWith(ANSWER) ? field : (field.split('.')[0] ?? '');
}
