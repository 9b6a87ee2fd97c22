// Who saw this household, when, and for what: the answer to a citizen who asks.
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { AccessEntry, Page } from '~/api/types';
import { word } from '~/i18n';
import { formatInstant } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';

export function AccessLog({ id }: { id: string }) {
  const { t } = useTranslation();
  const purposes = useCodes('nik_reveal_purposes');
  const query = useInfiniteQuery({
    queryKey: ['households', id, 'access-log'],
    queryFn: ({ pageParam, signal }) =>
      get<Page<AccessEntry>>(
        `/households/${id}/access-log`,
        { limit: 50, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.page.next_cursor ?? undefined,
  });
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Card title={t('access.title')} flush>
      <p className="muted card-note">{t('access.lead')}</p>
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty title={t('access.empty')} why={t('access.empty_why')} />
      ) : (
        <DataTable
          caption={t('access.title')}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              id: 'who',
              header: t('access.who'),
              lead: true,
              cell: (row) => row.actor_name ?? t('access.machine'),
            },
            {
              id: 'what',
              header: t('access.what'),
              cell: (row) => word('access_kind', row.action),
            },
            {
              id: 'fields',
              header: t('access.fields'),
              cell: (row) =>
                row.fields.map((field) => word('identifier_kind', field)).join(', ') || '–',
            },
            {
              id: 'why',
              header: t('access.why'),
              cell: (row) => purposes.name(row.purpose) || '–',
            },
            { id: 'when', header: t('access.when'), cell: (row) => formatInstant(row.at) },
          ]}
        />
      )}
      {query.hasNextPage && (
        <div className="card-pad">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('list.more')}
          </Button>
        </div>
      )}
    </Card>
  );
}
