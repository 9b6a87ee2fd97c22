// Find any household: by a text that may be misspelt (sent in a body, never in an address), or by
// impersonal filters, which are part of the address and can be saved as a view.
import { Button, TextInput } from '@mantine/core';
import { IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, type Query } from '~/api/http';
import { useRegions } from '~/api/reference';
import type { HouseholdSummary, Page as PageOf } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import type { ListSearch } from '~/ui/list/search-params';
import { type ListControl, useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { usePage } from '~/ui/useResource';
import { ExportButton } from './ExportButton';
import { NewHousehold } from './NewHousehold';
import { lastSearch, rememberSearch } from './search-memory';

interface Hit extends HouseholdSummary {
  matched?: string;
  matched_text?: string | null;
}

/** Ages that programs ask for, from–to. */
const AGES = ['0-4', '5-17', '18-59', '60-130'];

export default function HouseholdList() {
  const { t } = useTranslation();
  const account = useAccount();
  const control = useList();
  const [text, setText] = useState(lastSearch());
  const [asked, setAsked] = useState(lastSearch());
  const [adding, setAdding] = useState(false);
  const searching = asked.length > 1;
  const filter = wireFilter(control.search);

  // Typing pauses before asking, so that a name costs one search and not twelve.
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => rememberSearch(asked), [asked]);

  const list = usePage<Hit>('/households', { ...filter, ...paging(control) }, !searching);
  // The place in the results is not part of the address: a cursor without its text leads nowhere.
  const question = JSON.stringify([asked, filter, control.limit]);
  const [pages, setPages] = useState<{ question: string; cursors: string[] }>({
    question: '',
    cursors: [],
  });
  const cursors = pages.question === question ? pages.cursors : [];
  const cursor = cursors[cursors.length - 1];
  const hits = useQuery<PageOf<Hit>>({
    queryKey: ['search', question, cursor],
    queryFn: async ({ signal }) => {
      const body = { q: asked, filter, limit: control.limit, ...(cursor ? { cursor } : {}) };
      return (await call<PageOf<Hit>>('/households/search', { method: 'POST', body, signal })).data;
    },
    enabled: searching,
    placeholderData: keepPreviousData,
  });

  const more = hits.data?.page.next_cursor;
  function turn(to: string[]) {
    setPages({ question, cursors: to });
    window.scrollTo({ top: 0 });
  }

  const columns = useColumns(searching);
  const byReferral = hasRole(account, 'agency_officer', 'partner');

  return (
    <Page
      title={t('households.title')}
      lead={t(byReferral ? 'households.lead_referred' : 'households.lead')}
      actions={
        hasRole(account, 'coordinator', 'social_worker', 'village_operator') && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            {t('households.new')}
          </Button>
        )
      }
    >
      <search>
        <form
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            setAsked(text.trim());
          }}
        >
          <TextInput
            label={t('households.search_label')}
            placeholder={t('households.search_placeholder')}
            description={t('households.search_hint')}
            inputWrapperOrder={['label', 'input', 'description']}
            data-search-field
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            leftSection={<IconSearch size={20} aria-hidden="true" />}
            rightSectionWidth={48}
            rightSection={
              text && (
                <button
                  type="button"
                  className="clear-input"
                  aria-label={t('households.clear_search')}
                  onClick={() => {
                    setText('');
                    setAsked('');
                  }}
                >
                  <IconX size={18} aria-hidden="true" />
                </button>
              )
            }
          />
        </form>
      </search>
      <ListPage<Hit>
        id="households"
        caption={searching ? t('households.results') : t('households.title')}
        control={control}
        query={searching ? hits : list}
        columns={searching ? columns.map(({ sort: _sort, ...column }) => column) : columns}
        rowKey={(row) => row.id}
        href={(row) => `/households/${row.id}`}
        filters={<Filters control={control} />}
        chip={useChip()}
        {...(searching
          ? {
              paging: {
                next: more ? () => turn([...cursors, more]) : undefined,
                previous: cursors.length > 0 ? () => turn(cursors.slice(0, -1)) : undefined,
              },
            }
          : {})}
        defaultSort=""
        empty={
          searching
            ? { title: t('households.no_results'), why: t('households.no_results_why') }
            : {
                title: t('households.empty'),
                why: t(byReferral ? 'households.empty_referred' : 'households.empty_why'),
              }
        }
        tools={
          hasRole(account, 'coordinator', 'social_worker', 'village_operator', 'auditor') && (
            <ExportButton filter={filter} />
          )
        }
      />
      {adding && <NewHousehold close={() => setAdding(false)} />}
    </Page>
  );
}

/** Our address speaks of one decile and of kecamatan and kelurahan; the API of bounds and a region. */
function wireFilter({ kecamatan, kelurahan, decile, age, status, source }: ListSearch) {
  const ages = /^(\d{1,3})-(\d{1,3})$/.exec(String(age ?? ''));
  const region = kelurahan ?? kecamatan;
  const bound = decile ? Number(decile) : undefined;
  return {
    ...(region ? { region: String(region) } : {}),
    ...(bound ? { decile_min: bound, decile_max: bound } : {}),
    ...(ages ? { member_age_min: Number(ages[1]), member_age_max: Number(ages[2]) } : {}),
    ...(status ? { status: String(status) } : {}),
    ...(source ? { source: String(source) } : {}),
  };
}

function paging(control: ListControl): Query {
  return { limit: control.limit, cursor: control.search.cursor, sort: control.search.sort };
}

function useColumns(searching: boolean): Column<Hit>[] {
  const { t } = useTranslation();
  const regions = useRegions();
  return [
    {
      id: 'head',
      header: t('households.head'),
      lead: true,
      sort: 'head_name',
      cell: (row) => row.head_name || t('households.no_head'),
    },
    ...(searching
      ? [
          {
            id: 'matched',
            header: t('households.matched'),
            cell: (row: Hit) =>
              [word('matched', row.matched), row.matched_text].filter(Boolean).join(': '),
          },
        ]
      : []),
    { id: 'region', header: t('households.region'), cell: (row) => regions.full(row.region_code) },
    {
      id: 'members',
      header: t('households.members'),
      numeric: true,
      cell: (row) =>
        row.members_complete ? (
          row.members_count
        ) : (
          <span title={t('households.incomplete')}>
            {row.members_count}
            <abbr title={t('households.incomplete')}> *</abbr>
          </span>
        ),
    },
    {
      id: 'decile',
      header: t('households.decile'),
      numeric: true,
      sort: 'decile',
      cell: (row) => row.decile ?? '–',
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="household_status" value={row.status} />,
    },
    {
      id: 'updated',
      header: t('ui.updated'),
      sort: 'updated_at',
      cell: (row) => formatInstant(row.updated_at),
    },
  ];
}

function Filters({ control }: { control: ReturnType<typeof useList> }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const { kecamatan, kelurahan, decile, age, status, source } = control.search;
  return (
    <>
      <FilterSelect
        label={t('households.kecamatan')}
        width={170}
        value={kecamatan}
        options={regions.options('kecamatan')}
        onChange={(value) =>
          control.replace({
            ...control.search,
            cursor: undefined,
            kelurahan: undefined,
            kecamatan: value,
          } as never)
        }
      />
      {kecamatan && (
        <FilterSelect
          label={t('households.kelurahan')}
          value={kelurahan}
          options={regions.options('kelurahan', String(kecamatan))}
          onChange={(value) => control.setFilter('kelurahan', value)}
        />
      )}
      <FilterSelect
        label={t('households.decile')}
        width={112}
        value={decile}
        options={Array.from({ length: 10 }, (_, at) => ({
          value: `${at + 1}`,
          label: `${at + 1}`,
        }))}
        onChange={(value) => control.setFilter('decile', value)}
      />
      <FilterSelect
        label={t('households.age')}
        width={150}
        value={age}
        options={AGES.map((value) => ({ value, label: word('age_group', value) }))}
        onChange={(value) => control.setFilter('age', value)}
      />
      <FilterSelect
        label={t('ui.status')}
        width={125}
        value={status}
        options={['active', 'moved', 'dissolved', 'merged'].map((value) => ({
          value,
          label: word('household_status', value),
        }))}
        onChange={(value) => control.setFilter('status', value)}
      />
      <FilterSelect
        label={t('households.source')}
        width={120}
        value={source}
        options={['dtsen', 'p3ke', 'ppks', 'manual'].map((value) => ({
          value,
          label: word('data_source', value),
        }))}
        onChange={(value) => control.setFilter('source', value)}
      />
    </>
  );
}

function useChip() {
  const { t } = useTranslation();
  const regions = useRegions();
  return (name: string, value: string) => {
    if (name === 'kecamatan' || name === 'kelurahan')
      return `${t(`households.${name}`)}: ${regions.name(value)}`;
    if (name === 'decile') return t('households.decile_n', { n: value });
    if (name === 'age') return `${t('households.age')}: ${word('age_group', value)}`;
    if (name === 'status') return word('household_status', value);
    return word('data_source', value);
  };
}
