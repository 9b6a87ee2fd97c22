// The list of likely people is a chunk of its own and comes with its words, before anybody is found: its live region
// must be there first, or what appears in it is not read out.
import { lazy, Suspense } from 'react';
import { loadWords } from '~/i18n';
import type { LikelyPeopleProps } from './LikelyPeople';

const Shown = lazy(async () => {
  await loadWords('entry');
  return import('./LikelyPeople');
});

export { confirmDistinct, isLikely, namedBy, together } from './distinct';
export type { Distinct, Entered, LikelyPerson } from './types';
export { useLikely } from './useLikely';

export function LikelyPeople(props: LikelyPeopleProps) {
  return (
    <Suspense fallback={null}>
      <Shown {...props} />
    </Suspense>
  );
}
