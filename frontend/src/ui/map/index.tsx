// The map is a chunk of its own and comes with its words; until then its place is kept.
import { lazy, Suspense } from 'react';
import { loadWords } from '~/i18n';
import type { RegionMapProps } from './RegionMap';

const Drawn = lazy(async () => {
  await loadWords('map');
  return import('./RegionMap');
});

export function RegionMap(props: RegionMapProps) {
  return (
    <Suspense fallback={<div className="region-map-wait" aria-hidden="true" />}>
      <Drawn {...props} />
    </Suspense>
  );
}
