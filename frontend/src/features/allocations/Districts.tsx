// The share served in each kecamatan, on the map and as a list, the least first: that is where to look.
import { NativeSelect } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney, formatNumber } from '~/ui/format';
import { RegionMap } from '~/ui/map';
import { Card } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { Bar, formatShare } from './alloc-bits';
import type { FairnessTable, Group } from './types';

const figures = {
  share: { of: (row: Group) => row.share, as: (value: number) => formatShare(value) },
  open: { of: (row: Group) => row.needs - row.served, as: formatNumber },
  money: { of: (row: Group) => row.amount_idr, as: formatMoney },
};
type Figure = keyof typeof figures;
const names = Object.keys(figures) as Figure[];

export function Districts({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useResource<{ tables: FairnessTable[] }>(
    ['allocation-plans', id, 'fairness'],
    `/allocation-plans/${id}/fairness`,
  );
  const table = query.data?.data.tables.find((one) => one.dimension === 'district');
  return (
    <Card title={t('alloc.by_district')}>
      {query.isPending ? (
        <Loading lines={5} />
      ) : query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : !table?.groups.length ? (
        <p className="muted">{t('alloc.no_groups')}</p>
      ) : (
        <Where id={id} rows={table.groups} />
      )}
    </Card>
  );
}

function Where({ id, rows }: { id: string; rows: Group[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [figure, setFigure] = useState<Figure>('share');
  const { of, as } = figures[figure];
  const most = Math.max(1e-9, ...rows.map(of));
  const worst = (a: Group, b: Group) => (figure === 'open' ? of(b) - of(a) : of(a) - of(b));
  return (
    <>
      <NativeSelect
        label={t('alloc.map_show')}
        w={340}
        maw="100%"
        value={figure}
        onChange={(event) => setFigure(event.currentTarget.value as Figure)}
        data={names.map((value) => ({ value, label: t(`alloc.map_of.${value}`) }))}
      />
      <div className="map-desk">
        <RegionMap
          level="kecamatan"
          kind={figure === 'share' ? 'share' : 'count'}
          meaning={t(`alloc.map_of.${figure}`)}
          format={as}
          places={rows.map((row) => ({
            code: row.key,
            value: of(row),
            told: t('alloc.map_told', {
              share: formatShare(row.share),
              served: formatNumber(row.served),
              needs: formatNumber(row.needs),
              money: formatMoney(row.amount_idr),
            }),
          }))}
          onChoose={(region) =>
            void navigate({
              to: `/allocation-plans/${id}/left-out` as string,
              search: { region } as never,
            })
          }
        />
        <ul className="alloc-bars alloc-places">
          {[...rows].sort(worst).map((row) => (
            <li key={row.key}>
              <Link
                to={`/allocation-plans/${id}/left-out` as string}
                search={{ region: row.key } as never}
              >
                {row.name ?? row.key}
              </Link>
              <Bar
                share={figure === 'share' ? row.share : of(row) / most}
                {...(figure === 'open' ? { tone: 'open' as const } : {})}
              />
              <span className="sp-num nowrap">
                {as(of(row))}{' '}
                {figure === 'share' && (
                  <span className="muted small">
                    ({formatNumber(row.served)}/{formatNumber(row.needs)})
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
