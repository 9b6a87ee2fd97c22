import { useTranslation } from 'react-i18next';
import { useCodes, useRegions } from '~/api/reference';
import type { Problem } from '~/api/types';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { DetectButton, SiftBar, SiftBox, useRules, useSifting } from './Candidates';
import { DueDate } from './problem-bits';

const statuses = [
  'candidate',
  'reported',
  'verified',
  'in_service',
  'partly_resolved',
  'resolved',
  'dismissed',
  'unfounded',
];
const severities = ['emergency', 'high', 'medium', 'low'];

export const problemFilters = ['status', 'severity', 'need_code', 'overdue'];

export default function ProblemList() {
  const { t } = useTranslation();
  const control = useList();
  const needs = useCodes('needs');
  const ppks = useCodes('ppks_types');
  const regions = useRegions();
  const query = usePage<Problem>('/problems', listQuery(control));
  const sifts = control.search.status === 'candidate';
  const sifting = useSifting();
  const rule = useRules(sifts);
  const columns: Column<Problem>[] = [
    {
      id: 'need',
      header: t('problems.need'),
      lead: true,
      cell: (row) => needs.name(row.need_code),
    },
    {
      id: 'subject',
      header: t('problems.subject'),
      cell: (row) => row.subject_name || t('problems.subject_household'),
    },
    {
      id: 'severity',
      header: t('problems.severity'),
      cell: (row) => <StatusBadge group="severity" value={row.severity} />,
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="problem_status" value={row.status} />,
    },
    ...(sifts
      ? [
          {
            id: 'rule',
            header: t('problems.found_by'),
            cell: (row: Problem) => rule(row.detected_by_rule),
          },
        ]
      : []),
    { id: 'region', header: t('problems.region'), cell: (row) => regions.full(row.region_code) },
    {
      id: 'ppks',
      header: t('problems.ppks'),
      cell: (row) => ppks.name(row.ppks_code),
      extra: true,
    },
    {
      id: 'source',
      header: t('problems.source'),
      cell: (row) => word('problem_source', row.source),
    },
    {
      id: 'due',
      header: t('problems.due'),
      cell: (row) => <DueDate problem={row} />,
    },
    {
      id: 'responsible',
      header: t('problems.responsible'),
      cell: (row) => row.responsible_organization_name ?? '–',
      extra: true,
    },
    {
      id: 'reported',
      header: t('problems.reported'),
      cell: (row) => formatInstant(row.reported_at),
    },
  ];
  return (
    <Page title={t('problems.title')} lead={t('problems.lead')} actions={<DetectButton />}>
      {sifts && <SiftBar rows={query.data?.data ?? []} sifting={sifting} />}
      <ListPage<Problem>
        id="problems"
        caption={t('problems.title')}
        control={control}
        query={query}
        columns={columns}
        {...(sifts
          ? {
              cellActions: (row: Problem) => (
                <SiftBox row={row} sifting={sifting} name={needs.name(row.need_code)} />
              ),
            }
          : {})}
        rowKey={(row) => row.id}
        href={(row) => `/problems/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('ui.status')}
              value={control.search.status}
              options={statuses.map((value) => ({ value, label: word('problem_status', value) }))}
              onChange={(value) => control.setFilter('status', value)}
            />
            <FilterSelect
              label={t('problems.severity')}
              width={150}
              value={control.search.severity}
              options={severities.map((value) => ({ value, label: word('severity', value) }))}
              onChange={(value) => control.setFilter('severity', value)}
            />
            <FilterSelect
              label={t('problems.need')}
              value={control.search.need_code}
              options={needs.options}
              onChange={(value) => control.setFilter('need_code', value)}
            />
            <FilterSelect
              label={t('problems.due')}
              width={150}
              value={control.search.overdue}
              options={[{ value: 'true', label: t('problems.overdue') }]}
              onChange={(value) => control.setFilter('overdue', value)}
            />
          </>
        }
        chip={(name, value) =>
          name === 'status'
            ? word('problem_status', value)
            : name === 'severity'
              ? word('severity', value)
              : name === 'overdue'
                ? t('problems.overdue')
                : needs.name(value)
        }
        empty={{ title: t('problems.empty'), why: t('problems.empty_why') }}
      />
    </Page>
  );
}
