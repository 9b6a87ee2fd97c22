// Pages that are chunks of their own, and come with their words.
import { useParams } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense } from 'react';
import { loadWords } from '~/i18n';
import { Loading } from '~/ui/states';

export function page(load: () => Promise<ComponentType>) {
  const Lazy = lazy(async () => ({ default: await load() }));
  return () => (
    <Suspense fallback={<Loading />}>
      <Lazy />
    </Suspense>
  );
}

/** A page of one record; the id is the last part of its address. */
export function record(load: () => Promise<ComponentType<{ id: string }>>) {
  const Lazy = lazy(async () => ({ default: await load() }));
  return function RecordPage() {
    const { id = '' } = useParams({ strict: false }) as { id?: string };
    return (
      <Suspense fallback={<Loading />}>
        <Lazy key={id} id={id} />
      </Suspense>
    );
  };
}

/** The words of a part of the application come with its pages. */
export async function withWords<T>(
  pack: Parameters<typeof loadWords>[0],
  page: Promise<T>,
): Promise<T> {
  await loadWords(pack);
  return page;
}
