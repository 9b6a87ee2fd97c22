// The matching workbench: a need of one's area beside a program that answers it; seats and money left, the verdict for
// every family, and sending many at once, each with its own result.
import { Button, Checkbox } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import { getAll, useCodes, useRegions } from '~/api/reference';
import type { Cycle, Page as PageOf, Problem, Program } from '~/api/types';
import { useLanguage } from '~/i18n';
import { CanButton } from '~/ui/act';
import { FilterSelect, PickSelect } from '~/ui/fields';
import { formatMoney, formatNumber } from '~/ui/format';
import { MatchingTabs } from '~/ui/MatchingTabs';
import { Card, Facts, Page } from '~/ui/page';
import { Empty, Loading, Notice, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { BulkSend } from './BulkSend';
import { Explanation } from './Explanation';
import { OutcomeBadge } from './OutcomeBadge';
import type { MatchExplanation } from './types';
import { useMoneyLeft } from './useMoneyLeft';
import './matching.css';

const ROWS = 25;
const severities = ['emergency', 'high', 'medium', 'low'] as const;

export interface WorkbenchSearch {
  need?: string;
  program?: string;
}

export default function Workbench() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const needs = useCodes('needs');
  const search = useSearch({ strict: false }) as WorkbenchSearch;
  const navigate = useNavigate();
  const choose = (next: WorkbenchSearch) =>
    void navigate({ to: '.', search: next as never, resetScroll: false });
  const programs = useQuery({
    queryKey: ['programs', 'open', search.need],
    queryFn: () =>
      getAll<Program>('/programs', {
        status: 'published',
        access_mode: 'referral',
        open: 'true',
        need: search.need ?? '',
      }),
    enabled: search.need !== undefined,
  });
  const program = programs.data?.find((item) => item.id === search.program);
  return (
    <Page title={t('match.page.workbench')} lead={t('bench.lead')}>
      <MatchingTabs at="workbench" />
      <Card>
        <div className="bench-choice">
          <PickSelect
            label={t('bench.need')}
            options={needs.options}
            value={search.need ?? ''}
            onChange={(need) => choose(need ? { need } : {})}
          />
          {search.need && (
            <PickSelect
              label={t('bench.program')}
              disabled={!programs.data}
              options={(programs.data ?? []).map((item) => ({
                value: item.id,
                label: `${name(item.name)} · ${item.organization_name ?? ''}`,
              }))}
              value={search.program ?? ''}
              onChange={(id) =>
                choose({
                  ...(search.need ? { need: search.need } : {}),
                  ...(id ? { program: id } : {}),
                })
              }
            />
          )}
        </div>
        {programs.isError && <ProblemState error={programs.error} />}
        {programs.data?.length === 0 && <Notice tone="warn" title={t('bench.no_program')} />}
        {program && <Left key={program.id} program={program} />}
      </Card>
      {search.need ? (
        <Bench key={`${search.need} ${program?.id}`} need={search.need} program={program} />
      ) : (
        <div className="card">
          <Empty title={t('bench.begin')} why={t('bench.begin_why')} />
        </div>
      )}
    </Page>
  );
}

function useOpenCycle(programId: string | undefined) {
  const query = useQuery({
    queryKey: ['programs', programId, 'cycles'],
    queryFn: () => get<PageOf<Cycle>>(`/programs/${programId}/cycles`, { limit: 50 }),
    enabled: programId !== undefined,
  });
  const open = (query.data?.data ?? []).filter((cycle) => cycle.status === 'open');
  const free = open.find((cycle) => (cycle.seats_taken ?? 0) < cycle.seats);
  return { loaded: query.isSuccess, cycle: free ?? open[0], free };
}

/** Seats and, for those who may see money, what is left of it. */
function Left({ program }: { program: Program }) {
  const { t } = useTranslation();
  const periods = useCodes('benefit_periods');
  const { cycle, loaded } = useOpenCycle(program.id);
  const money = useMoneyLeft(program.organization_id, cycle?.id);
  if (!loaded) return <Loading lines={2} />;
  if (!cycle) return <Notice tone="warn" title={t('bench.no_cycle')} />;
  const left = cycle.seats - (cycle.seats_taken ?? 0);
  return (
    <>
      <Facts
        items={[
          [t('bench.to'), program.organization_name ?? ''],
          [
            t('bench.benefit'),
            `${formatMoney(program.benefit.value_idr)} · ${periods.name(program.benefit.period)}`,
          ],
          [
            t('bench.seats'),
            cycle.seats_taken === null
              ? formatNumber(cycle.seats)
              : t('bench.seats_of', { left: formatNumber(left), seats: formatNumber(cycle.seats) }),
          ],
          money === undefined
            ? null
            : [
                t('bench.money'),
                t('bench.money_for', {
                  money: formatMoney(money),
                  count:
                    program.benefit.value_idr > 0
                      ? Math.floor(money / program.benefit.value_idr)
                      : left,
                }),
              ],
        ]}
      />
      {cycle.seats_taken !== null && (
        <div className="meter" aria-hidden="true">
          <span style={{ width: `${(100 * (cycle.seats_taken ?? 0)) / (cycle.seats || 1)}%` }} />
        </div>
      )}
    </>
  );
}

function Bench({ need, program }: { need: string; program: Program | undefined }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [cursors, setCursors] = useState<string[]>([]);
  const [chosen, setChosen] = useState<string[]>([]);
  const [sending, setSending] = useState<Problem[] | null>(null);
  const [only, setOnly] = useState<{ severity?: string | undefined; region?: string | undefined }>(
    {},
  );
  const regions = useRegions();
  const { free } = useOpenCycle(program?.id);
  const query = usePage<Problem>('/problems', {
    status: 'verified',
    need_code: need,
    ...only,
    limit: ROWS,
    include_total: true,
    cursor: cursors[cursors.length - 1],
  });
  const narrow = (to: typeof only) => {
    setOnly({ ...only, ...to });
    setCursors([]);
    setChosen([]);
  };
  const filters = (
    <div className="bench-filters no-print">
      <FilterSelect
        label={t('problems.severity')}
        value={only.severity}
        options={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
        onChange={(severity) => narrow({ severity })}
      />
      <FilterSelect
        label={t('rule.district')}
        value={only.region}
        options={regions.options('kecamatan')}
        onChange={(region) => narrow({ region })}
      />
    </div>
  );
  const rows = query.data?.data;
  if (rows === undefined) {
    return (
      <Card title={t('bench.waiting')}>
        {filters}
        {query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={6} />
        )}
      </Card>
    );
  }
  if (rows.length === 0) {
    const narrowed = only.severity || only.region;
    return (
      <Card title={t('bench.waiting')}>
        {filters}
        <Empty
          title={t('bench.nobody')}
          why={t(narrowed ? 'list.nothing_matches_why' : 'bench.nobody_why')}
        />
      </Card>
    );
  }
  // Whoever the rule says is not eligible is not chosen; who lacks data is a person's own decision, one by one.
  const fits = rows.filter(
    (row) =>
      row.can.includes('refer') &&
      queries.getQueryData<MatchExplanation>(['match', row.household_id, program?.id])?.match
        .outcome === 'eligible',
  );
  const page = query.data?.page;
  const total = (page as { total?: number | null } | undefined)?.total;
  return (
    <Card title={`${t('bench.waiting')} (${formatNumber(total ?? rows.length)})`}>
      {filters}
      {!program && <p className="muted">{t('bench.choose_program')}</p>}
      {program && (
        <div className="spread bench-bar">
          <Checkbox
            label={t('bench.choose_all')}
            checked={fits.length > 0 && fits.every((row) => chosen.includes(row.id))}
            onChange={(event) =>
              setChosen(event.currentTarget.checked ? fits.map((row) => row.id) : [])
            }
          />
          <CanButton
            can={chosen.length > 0 && free ? ['send'] : []}
            action="send"
            why={t(free ? 'bench.choose_first' : 'bench.no_seat')}
            leftSection={<IconSend size={18} aria-hidden="true" />}
            onClick={() => setSending(rows.filter((row) => chosen.includes(row.id)))}
          >
            {t('bench.send', { count: chosen.length })}
          </CanButton>
        </div>
      )}
      {program && !free && <p className="muted small">{t('bench.no_seat')}</p>}
      <ul className="bench">
        {rows.map((row) => (
          <Row
            key={row.id}
            problem={row}
            program={program}
            chosen={chosen.includes(row.id)}
            onChoose={(on) =>
              setChosen(on ? [...chosen, row.id] : chosen.filter((id) => id !== row.id))
            }
          />
        ))}
      </ul>
      <div className="row">
        {cursors.length > 0 && (
          <Button variant="default" onClick={() => setCursors(cursors.slice(0, -1))}>
            {t('list.previous')}
          </Button>
        )}
        {page?.has_more && page.next_cursor && (
          <Button
            variant="default"
            onClick={() => {
              setChosen([]);
              setCursors([...cursors, page.next_cursor ?? '']);
            }}
          >
            {t('list.next')}
          </Button>
        )}
      </div>
      {sending && program && free && (
        <BulkSend
          problems={sending}
          program={program}
          cycle={free}
          close={() => {
            setSending(null);
            setChosen([]);
          }}
        />
      )}
    </Card>
  );
}

interface RowProps {
  problem: Problem;
  program: Program | undefined;
  chosen: boolean;
  onChoose: (on: boolean) => void;
}

function Row({ problem, program, chosen, onChoose }: RowProps) {
  const { t } = useTranslation();
  const regions = useRegions();
  const [open, setOpen] = useState(false);
  const path = `/households/${problem.household_id}/matches/${program?.id}`;
  const match = useQuery({
    queryKey: ['match', problem.household_id, program?.id],
    queryFn: ({ signal }) => get<MatchExplanation>(path, undefined, signal),
    enabled: program !== undefined,
    retry: false,
  });
  const name = problem.subject_name || problem.household_id.slice(-12);
  const eligible = match.data?.match.outcome !== 'ineligible';
  const why = !problem.can.includes('refer')
    ? t('can.no_duty')
    : eligible
      ? ''
      : t('bench.not_eligible');
  return (
    <li>
      <div className="bench-row">
        {program && (
          <Checkbox
            aria-label={t('bench.choose', { name })}
            checked={chosen}
            disabled={why !== ''}
            {...(why ? { title: why } : {})}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        )}
        <div className="bench-who">
          <Link
            to="/households/$id"
            params={{ id: problem.household_id }}
            search={{ tab: 'problems' } as never}
            className="row-link"
          >
            {name}
          </Link>
          <p className="muted small">
            {[
              regions.full(problem.region_code),
              t(`severity.${problem.severity as 'low'}`),
              program && why,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        {program &&
          (match.data ? (
            <OutcomeBadge outcome={match.data.match.outcome} />
          ) : match.isError ? (
            <span className="muted small">{t('bench.no_verdict')}</span>
          ) : (
            <span className="muted small">…</span>
          ))}
        {program && match.data && (
          <Button variant="subtle" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'match.hide' : 'match.why')}
            <span className="sp-visually-hidden"> {name}</span>
          </Button>
        )}
      </div>
      {open && program && (
        <Explanation
          householdId={problem.household_id}
          programId={program.id}
          names={new Map([[problem.subject.id, problem.subject_name ?? '']])}
        />
      )}
    </li>
  );
}
