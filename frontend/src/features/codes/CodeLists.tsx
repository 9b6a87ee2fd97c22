import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import { getAll } from '~/api/reference';
import type { CodeList } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { DataTable } from '~/ui/list/DataTable';
import { Card, Page } from '~/ui/page';
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

export function CodeListPage({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const query = useQuery({
    queryKey: ['code-lists', slug],
    queryFn: () => get<CodeList>(`/code-lists/${slug}`),
  });
  if (!query.data) {
    return (
      <div className="card">
        {query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    );
  }
  const list = query.data;
  return (
    <Page
      title={name(list.name)}
      lead={`${t('codes.version')} ${list.version}`}
      actions={<Link to="/code-lists">{t('codes.title')}</Link>}
    >
      <Card flush>
        <DataTable
          caption={name(list.name)}
          rows={list.entries ?? []}
          rowKey={(row) => row.code}
          columns={[
            { id: 'name', header: t('codes.name'), lead: true, cell: (row) => name(row.name) },
            {
              id: 'code',
              header: t('codes.code'),
              cell: (row) => <span className="sp-mono">{row.code}</span>,
            },
            {
              id: 'sensitivity',
              header: t('codes.sensitivity'),
              cell: (row) => word('sensitivity', row.sensitivity),
            },
          ]}
        />
      </Card>
    </Page>
  );
}
