// Records that may be one: the queue beside the pair, worked through by keys.
import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { FilterSelect } from '~/ui/fields';
import { formatNumber } from '~/ui/format';
import { typingIn } from '~/ui/keys';
import type { ListSearch } from '~/ui/list/search-params';
import { Page } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { Pair } from './Pair';
import { FindDuplicates, LastRun } from './Runs';
import { type Candidate, kinds, statuses } from './types';
import './duplicates.css';

const ROWS = 50;
const scores = ['0.99', '0.95', '0.9', '0.7'];

export default function DuplicateQueue() {
  const { t } = useTranslation();
  const finds = hasRole(useAccount(), 'coordinator');
  return (
    <Page
      title={t('places.duplicates')}
      lead={t('dup.lead')}
      actions={finds ? <FindDuplicates /> : undefined}
    >
      {finds && <LastRun />}
      <Queue finds={finds} />
    </Page>
  );
}

function Queue({ finds }: { finds: boolean }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const search = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const list = useRef<HTMLUListElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  // The beginnings of the pages before this one.
  const [cursors, setCursors] = useState<string[]>([]);
  const set = (name: string, value: string | undefined) => {
    setChosen(null);
    setCursors([]);
    void navigate({
      to: '.',
      search: { ...search, [name]: value || undefined, cursor: undefined } as never,
      resetScroll: false,
    });
  };
  const query = usePage<Candidate>('/duplicate-candidates', {
    ...search,
    cursor: cursors[cursors.length - 1],
    limit: ROWS,
    include_total: true,
  });
  const rows = query.data?.data ?? [];
  const total = (query.data?.page as { total?: number | null } | undefined)?.total;
  const more = query.data?.page.has_more ? query.data.page.next_cursor : null;
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === chosen),
  );
  const current = rows[at];
  const go = useCallback(
    (step: number) => {
      if (at + step < 0 && cursors.length > 0) {
        setCursors(cursors.slice(0, -1));
        setChosen(null);
        return;
      }
      if (at + step >= rows.length && more) {
        setCursors([...cursors, more]);
        setChosen(null);
        return;
      }
      const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
      if (!next) return;
      setChosen(next.id);
      list.current
        ?.querySelector<HTMLElement>(`[data-id="${next.id}"]`)
        ?.scrollIntoView({ block: 'nearest' });
    },
    [rows, at, cursors, more],
  );

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
      const step = { j: 1, k: -1 }[event.key.toLowerCase()];
      if (!step) return;
      event.preventDefault();
      go(step);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [go]);

  const filtered = Boolean(search.kind || search.status || search.region || search.min_score);
  return (
    <>
      <div className="dup-filters no-print">
        <FilterSelect
          label={t('ui.status')}
          value={search.status ?? 'open'}
          options={statuses.map((value) => ({ value, label: word('dup_status', value) }))}
          onChange={(value) => set('status', value === 'open' ? undefined : value)}
        />
        <FilterSelect
          label={t('dup.kind')}
          value={search.kind}
          options={kinds.map((value) => ({ value, label: word('dup_kind', value) }))}
          onChange={(value) => set('kind', value)}
        />
        <FilterSelect
          label={t('dup.score_from')}
          value={search.min_score}
          options={scores.map((value) => ({
            value,
            label: `≥ ${Math.round(Number(value) * 100)} %`,
          }))}
          onChange={(value) => set('min_score', value)}
        />
        <FilterSelect
          label={t('households.kecamatan')}
          value={search.region}
          options={regions.options('kecamatan')}
          onChange={(value) => set('region', value)}
        />
      </div>
      {query.data === undefined ? (
        <div className="card">
          {query.isError ? (
            <ProblemState error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Loading lines={8} />
          )}
        </div>
      ) : rows.length === 0 || !current ? (
        <div className="card">
          <Empty
            title={t(filtered ? 'dup.none_here' : 'dup.none')}
            why={t(filtered ? 'list.nothing_matches_why' : 'dup.none_why')}
            action={!filtered && finds && <FindDuplicates />}
          />
        </div>
      ) : (
        <div className="dup-desk">
          <section className="card dup-list" aria-label={t('dup.queue')}>
            <p className="dup-count muted small">
              {t('dup.place', {
                at: formatNumber(cursors.length * ROWS + at + 1),
                count: total ?? rows.length,
              })}
            </p>
            <ul ref={list}>
              {rows.map((row) => (
                <li key={row.id}>
                  <button
                    type="button"
                    data-id={row.id}
                    aria-current={row.id === current.id ? 'true' : undefined}
                    onClick={() => setChosen(row.id)}
                  >
                    <Row row={row} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
          <div className="stack">
            <div className="spread dup-walk">
              <Button
                variant="default"
                disabled={at === 0 && cursors.length === 0}
                onClick={() => go(-1)}
                rightSection={<kbd className="key">K</kbd>}
              >
                {t('list.previous')}
              </Button>
              <Button
                variant="default"
                disabled={at === rows.length - 1 && !more}
                onClick={() => go(1)}
                rightSection={<kbd className="key">J</kbd>}
              >
                {t('list.next')}
              </Button>
            </div>
            <Pair key={current.id} id={current.id} decided={() => go(1)} />
          </div>
        </div>
      )}
    </>
  );
}

function Row({ row }: { row: Candidate }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const side = row.a ?? row.b;
  return (
    <>
      <span className="strong">{side?.name ?? t('dup.unnamed')}</span>
      {row.a && row.b && row.a.name !== row.b.name && <span>{row.b.name ?? t('dup.unnamed')}</span>}
      <span className="muted small">
        {[
          row.score === null ? t('dup.with_coordinator') : `${Math.round(row.score * 100)} %`,
          word('dup_kind', row.kind),
          regions.name(side?.region_code),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}
