import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import type { Page, TimelineEvent } from '~/api/types';
import { word } from '~/i18n';
import { formatInstant } from '~/ui/format';
import { Empty, Loading, ProblemState } from '~/ui/states';

export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: ['households', id, 'timeline'],
    queryFn: ({ pageParam, signal }) =>
      get<Page<TimelineEvent>>(
        `/households/${id}/timeline`,
        { limit: 50, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.page.next_cursor ?? undefined,
  });
  const events = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <div className="card card-pad">
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : events.length === 0 ? (
        <Empty title={t('household.no_timeline')} />
      ) : (
        <>
          <ol className="timeline">
            {events.map((event) => (
              <li key={event.id}>
                <p className="strong">{word('timeline', event.kind)}</p>
                <p className="muted small">
                  {formatInstant(event.at)} ·{' '}
                  {t('household.by', { name: event.actor_name || t('household.system') })}
                </p>
              </li>
            ))}
          </ol>
          {query.hasNextPage && (
            <Button
              variant="default"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('list.more')}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
