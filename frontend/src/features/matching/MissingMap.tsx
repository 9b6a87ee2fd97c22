// Where one unknown fact holds up decisions, on the map. Every kelurahan is asked for, so only when somebody wants it.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getAll } from '~/api/reference';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { RegionMap } from '~/ui/map';
import { Card } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import type { MissingFactCount } from './types';

interface Props {
  chosen: string | undefined;
  choose: (code: string) => void;
}

/** As many rows as are read at most. */
const MOST = 2400;

export function MissingMap({ chosen, choose }: Props) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [asked, setAsked] = useState(false);
  const [fact, setFact] = useState<string>();
  const query = useQuery({
    queryKey: ['missing-facts', 'all'],
    queryFn: () => getAll<MissingFactCount>('/insight/missing-facts'),
    enabled: asked,
    staleTime: 60_000,
  });
  const rows = query.data ?? [];
  const sums = new Map<string, { label: string; verdicts: number }>();
  for (const row of rows) {
    const sum = (sums.get(row.fact)?.verdicts ?? 0) + row.verdicts;
    sums.set(row.fact, { label: name(row.label), verdicts: sum });
  }
  const facts = [...sums].sort(([, a], [, b]) => b.verdicts - a.verdicts);
  const at = fact ?? facts[0]?.[0];
  // The rows come with the most first and only so many: what is not among them has no more than the last.
  const absent =
    rows.length < MOST
      ? t('missing.map_none')
      : t('missing.map_under', { n: formatNumber(rows.at(-1)?.verdicts ?? 0) });
  return (
    <Card title={t('missing.map')}>
      {!asked ? (
        <div className="row">
          <Button variant="default" onClick={() => setAsked(true)}>
            {t('missing.map_show')}
          </Button>
          <span className="muted">{t('missing.map_why')}</span>
        </div>
      ) : query.isPending ? (
        <Loading lines={6} />
      ) : query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <div className="missing-map">
          <NativeSelect
            label={t('missing.fact')}
            w={480}
            maw="100%"
            value={at ?? ''}
            onChange={(event) => setFact(event.currentTarget.value)}
            data={facts.map(([value, { label, verdicts }]) => ({
              value,
              label: `${label} (${formatNumber(verdicts)})`,
            }))}
          />
          <RegionMap
            level="kelurahan"
            meaning={t('missing.verdicts')}
            format={formatNumber}
            places={rows
              .filter((row) => row.fact === at)
              .map((row) => ({
                code: row.region_code,
                value: row.verdicts,
                told: t('missing.map_told', { n: formatNumber(row.verdicts) }),
              }))}
            absent={absent}
            chosen={chosen}
            onChoose={choose}
          />
        </div>
      )}
    </Card>
  );
}
