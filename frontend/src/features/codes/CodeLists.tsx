import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getAll } from '~/api/reference';
import type { CodeList } from '~/api/types';
import { useLanguage } from '~/i18n';
import { DataTable } from '~/ui/list/DataTable';
import { rememberList } from '~/ui/list/trail';
import { Page } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';

export default function CodeLists() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [text, setText] = useState('');
  const query = useQuery({
    queryKey: ['code-lists'],
    queryFn: () => getAll<CodeList>('/code-lists'),
  });
  const wanted = text.trim().toLocaleLowerCase();
  const rows = (query.data ?? []).filter((list) =>
    `${list.slug} ${name(list.name)}`.toLocaleLowerCase().includes(wanted),
  );
  const rowsKnown = query.data !== undefined;
  useEffect(() => {
    if (rowsKnown)
      rememberList(
        '/code-lists',
        query.data.map((row) => `/code-lists/${row.slug}`),
      );
  }, [rowsKnown, query.data]);
  return (
    <Page title={t('codes.title')} lead={t('codes.lead')}>
      <TextInput
        label={t('codes.find')}
        data-search-field
        maw={420}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="card">
        {query.isPending ? (
          <Loading />
        ) : query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty title={t('codes.empty')} />
        ) : (
          <DataTable
            caption={t('codes.title')}
            rows={rows}
            rowKey={(row) => row.slug}
            href={(row) => `/code-lists/${row.slug}`}
            columns={[
              { id: 'name', header: t('codes.list'), lead: true, cell: (row) => name(row.name) },
              {
                id: 'slug',
                header: t('codes.code'),
                cell: (row) => <span className="sp-mono">{row.slug}</span>,
              },
              {
                id: 'entries',
                header: t('codes.entries'),
                numeric: true,
                cell: (row) => row.entries_count,
              },
              {
                id: 'version',
                header: t('codes.version'),
                numeric: true,
                cell: (row) => row.version,
              },
            ]}
          />
        )}
      </div>
    </Page>
  );
}
