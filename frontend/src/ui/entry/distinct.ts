// What a form says of the people it was shown, and what the service answers. Pure.
import { ApiProblem } from '~/api/problem';
import type { Distinct, LikelyPerson } from './types';

const REASON_MOST = 1000;
const IDS_MOST = 20;

/** The member of the request that says "I looked, it is somebody else"; nothing where nobody was said to be. */
export function confirmDistinct(distinct: Distinct): {
  confirm_distinct?: { ids: string[]; reason: string };
} {
  const ids = Object.keys(distinct).slice(0, IDS_MOST);
  if (ids.length === 0) return {};
  const reasons = [...new Set(ids.map((id) => distinct[id]?.trim()).filter(Boolean))];
  return { confirm_distinct: { ids, reason: reasons.join('; ').slice(0, REASON_MOST) } };
}

export const isLikely = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem && error.code === 'likely_duplicate';

/** The people a refusal names; `pointer` takes those of one person of the request. */
export function namedBy(error: unknown, pointer?: string): LikelyPerson[] {
  if (!isLikely(error)) return [];
  const found = error.body.candidates;
  if (!Array.isArray(found)) return [];
  return (found as LikelyPerson[]).filter(
    (one) => pointer === undefined || one.pointer === pointer,
  );
}

/** Both lists, each person once, the likeliest first. */
export function together(...lists: LikelyPerson[][]): LikelyPerson[] {
  const byId = new Map(lists.flat().map((person) => [person.id, person]));
  return [...byId.values()].sort((a, b) => b.probability - a.probability);
}
