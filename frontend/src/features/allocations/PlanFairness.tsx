// Whether a plan is fair: the share served of every group, one table a regard.
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import { word } from '~/i18n';
import { formatMoney, formatNumber } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { Bar, formatShare } from './alloc-bits';
import { PlanFrame } from './PlanFrame';
import type { FairnessTable, Group } from './types';

export function PlanFairness({ id }: { id: string }) {
  return (
    <PlanFrame id={id} at="fairness">
      {() => <Tables id={id} />}
    </PlanFrame>
  );
}

/** What a group is called: its own name, the official one, ours, or what it is. */
export function useGroupName() {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  return (dimension: string, group: Group) => {
    if (group.name) return group.name;
    if (dimension === 'need') return needs.name(group.key);
    if (dimension === 'severity') return word('severity', group.key);
    if (dimension === 'decile' && /^\d+$/.test(group.key)) {
      return t('households.decile_n', { n: Number(group.key) });
    }
    const key = `${dimension}_${group.key}`;
    const found = word('alloc_group', key);
    return found === key ? group.key : found;
  };
}

const severities = ['emergency', 'high', 'medium', 'low'];

/** Severity from the worst down; the rest as the service orders it. */
function inOrder({ dimension, groups }: FairnessTable): Group[] {
  if (dimension !== 'severity') return groups;
  return [...groups].sort((a, b) => severities.indexOf(a.key) - severities.indexOf(b.key));
}

function Tables({ id }: { id: string }) {
  const { t } = useTranslation();
  const nameOf = useGroupName();
  const query = useResource<{ tables: FairnessTable[] }>(
    ['allocation-plans', id, 'fairness'],
    `/allocation-plans/${id}/fairness`,
  );
  if (query.isPending) {
    return (
      <div className="card">
        <Loading lines={8} />
      </div>
    );
  }
  if (query.isError) {
    return (
      <div className="card">
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      </div>
    );
  }
  const tables = query.data.data.tables.filter((table) => table.groups.length > 0);
  if (tables.length === 0) {
    return (
      <div className="card">
        <Empty title={t('alloc.no_groups')} />
      </div>
    );
  }
  return (
    <>
      <p className="muted">{t('alloc.fairness_why')}</p>
      {tables.map((table) => {
        const title = word('alloc_dimension', table.dimension);
        return (
          <Card key={table.dimension} title={title} flush>
            <DataTable<Group>
              caption={title}
              fold={10}
              rows={inOrder(table)}
              rowKey={(row) => row.key}
              columns={[
                {
                  id: 'group',
                  header: t('alloc.group'),
                  lead: true,
                  cell: (row) => nameOf(table.dimension, row),
                },
                {
                  id: 'needs',
                  header: t('alloc.needs'),
                  numeric: true,
                  cell: (row) => formatNumber(row.needs),
                },
                {
                  id: 'served',
                  header: t('alloc.served'),
                  numeric: true,
                  cell: (row) => formatNumber(row.served),
                },
                {
                  id: 'share',
                  header: t('alloc.share'),
                  numeric: true,
                  cell: (row) => formatShare(row.share),
                },
                { id: 'bar', header: t('alloc.served'), cell: (row) => <Bar share={row.share} /> },
                {
                  id: 'ask',
                  header: t('alloc.ask_first'),
                  numeric: true,
                  cell: (row) => formatNumber(row.ask_first),
                },
                {
                  id: 'money',
                  header: t('alloc.money'),
                  numeric: true,
                  cell: (row) => <span className="nowrap">{formatMoney(row.amount_idr)}</span>,
                },
              ]}
            />
          </Card>
        );
      })}
    </>
  );
}
