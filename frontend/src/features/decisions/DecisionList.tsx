// Decisions against somebody's interest, those that wait first in mind.
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatDate, formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { type Decision, statuses } from './types';

const effects = ['stop_benefit', 'reject_request'];

export default function DecisionList() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const regions = useRegions();
  const query = usePage<Decision>('/decisions', listQuery(control));
  const columns: Column<Decision>[] = [
    {
      id: 'subject',
      header: t('problems.subject'),
      lead: true,
      cell: (row) => row.subject_name || t('problems.subject_household'),
    },
    {
      id: 'effect',
      header: t('decisions.effect'),
      cell: (row) => `${word('decision_effect', row.effect)}: ${name(row.about)}`,
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="decision_status" value={row.status} />,
    },
    {
      id: 'due',
      header: t('decisions.answer_until'),
      cell: (row) => (row.answer_due_on ? formatDate(row.answer_due_on) : '–'),
    },
    {
      id: 'effective',
      header: t('decisions.effective'),
      cell: (row) => (row.effective_on ? formatDate(row.effective_on) : '–'),
    },
    { id: 'region', header: t('problems.region'), cell: (row) => regions.full(row.region_code) },
    {
      id: 'proposed',
      header: t('decisions.proposed'),
      cell: (row) => formatInstant(row.proposed_at),
    },
  ];
  return (
    <Page title={t('places.decisions')} lead={t('decisions.lead')}>
      <ListPage<Decision>
        id="decisions"
        caption={t('places.decisions')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/decisions/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('ui.status')}
              value={control.search.status}
              options={statuses.map((value) => ({ value, label: word('decision_status', value) }))}
              onChange={(value) => control.setFilter('status', value)}
            />
            <FilterSelect
              label={t('decisions.effect')}
              value={control.search.effect}
              options={effects.map((value) => ({ value, label: word('decision_effect', value) }))}
              onChange={(value) => control.setFilter('effect', value)}
            />
          </>
        }
        chip={(filter, value) =>
          word(filter === 'status' ? 'decision_status' : 'decision_effect', value)
        }
        empty={{ title: t('decisions.none'), why: t('decisions.none_why') }}
      />
    </Page>
  );
}
