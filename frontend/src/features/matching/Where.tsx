// Where a program's households live: the map, and the same figures as a table that also chooses the area of the list below.
import { NativeSelect } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { formatNumber } from '~/ui/format';
import { RegionMap } from '~/ui/map';
import { Card } from '~/ui/page';
import { Few } from './Impact';
import type { MatchCounts, RegionMatches } from './types';

const figures = ['eligible', 'needs_data'] as const;
type Figure = (typeof figures)[number];
type Level = 'kecamatan' | 'kelurahan';

/** The area the list below shows, and how another is chosen; the chosen one again means all. */
function useArea() {
  const search = useSearch({ strict: false }) as { region?: string };
  const navigate = useNavigate();
  return {
    area: search.region,
    choose: (code: string) =>
      void navigate({
        to: '.',
        search: ((old: Record<string, unknown>) => ({
          ...old,
          cursor: undefined,
          region: old.region === code ? undefined : code,
        })) as never,
        resetScroll: false,
      }),
  };
}

export function Where({ counts }: { counts: MatchCounts }) {
  const { t } = useTranslation();
  const { area, choose } = useArea();
  const [level, setLevel] = useState<Level>('kecamatan');
  const [figure, setFigure] = useState<Figure>('eligible');
  const rows = level === 'kecamatan' ? counts.districts : counts.villages;
  const few = t('rule.few');
  const say = (value: number | null) => (value === null ? few : formatNumber(value));
  const title = t(level === 'kecamatan' ? 'match.by_district' : 'match.by_village');
  return (
    <Card title={title}>
      <div className="row">
        <NativeSelect
          label={t('match.level')}
          w={180}
          value={level}
          onChange={(event) => setLevel(event.currentTarget.value as Level)}
          data={[
            { value: 'kecamatan', label: t('rule.district') },
            { value: 'kelurahan', label: t('match.region') },
          ]}
        />
        <NativeSelect
          label={t('match.show')}
          w={180}
          value={figure}
          onChange={(event) => setFigure(event.currentTarget.value as Figure)}
          data={figures.map((value) => ({ value, label: t(`match.outcome.${value}`) }))}
        />
      </div>
      <div className="map-desk">
        <RegionMap
          level={level}
          meaning={t(figure === 'eligible' ? 'match.households_eligible' : 'match.households_open')}
          format={formatNumber}
          places={rows.map((row) => ({
            code: row.region_code,
            value: row[figure],
            told: t('match.map_told', {
              eligible: say(row.eligible),
              open: say(row.needs_data),
            }),
          }))}
          chosen={area}
          onChoose={choose}
        />
        <Places rows={rows} level={level} figure={figure} area={area} choose={choose} />
      </div>
    </Card>
  );
}

interface PlacesProps {
  rows: RegionMatches[];
  level: Level;
  figure: Figure;
  area: string | undefined;
  choose: (code: string) => void;
}

function Places({ rows, level, figure, area, choose }: PlacesProps) {
  const { t } = useTranslation();
  const regions = useRegions();
  const most = Math.max(1, ...rows.map((row) => (row.eligible ?? 0) + (row.needs_data ?? 0)));
  const sorted = [...rows].sort((a, b) => (b[figure] ?? 0) - (a[figure] ?? 0));
  const width = (value: number | null) => ({ width: `${(100 * (value ?? 0)) / most}%` });
  return (
    <div
      className="district-scroll"
      tabIndex={0}
      role="region"
      aria-label={t('match.by_district_table')}
    >
      <table className="impact-table">
        <thead>
          <tr>
            <th scope="col">{t(level === 'kecamatan' ? 'rule.district' : 'match.region')}</th>
            <th scope="col" className="impact-bars">
              <span className="sp-visually-hidden">{t('match.by_district')}</span>
            </th>
            <th scope="col" className="num">
              {t('match.outcome.eligible')}
            </th>
            <th scope="col" className="num">
              {t('match.outcome.needs_data')}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.region_code} data-chosen={area === row.region_code || undefined}>
              <th scope="row">
                <button
                  type="button"
                  className="text-button"
                  aria-pressed={area === row.region_code}
                  onClick={() => choose(row.region_code)}
                >
                  {level === 'kecamatan' ? row.region_name : regions.full(row.region_code)}
                </button>
              </th>
              <td className="impact-bars" aria-hidden="true">
                <span className="stack-bar">
                  <i className="bar-more" style={width(row.eligible)} />
                  <i className="bar-open" style={width(row.needs_data)} />
                </span>
              </td>
              <td className="num">
                <Few value={row.eligible} />
              </td>
              <td className="num">
                <Few value={row.needs_data} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
