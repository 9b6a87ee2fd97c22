// Every program and this household: what fits, what might once more is known, what does not, each with its reasons.
// What answers a verified problem comes first and can be sent from here.
import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getAll, useCodes } from '~/api/reference';
import type { HouseholdDetail, Problem, Program } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatDate, formatMoney } from '~/ui/format';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { Explanation } from './Explanation';
import { OutcomeBadge } from './OutcomeBadge';
import type { HouseholdMatch, Outcome } from './types';
import './matching.css';

interface Props {
  household: HouseholdDetail;
  /** Sends a problem to a program; belongs to another slice. */
  send: (problem: Problem, program: Program) => ReactNode;
}

const outcomes: Outcome[] = ['eligible', 'needs_data', 'ineligible'];
const sendable = ['verified', 'partly_resolved', 'in_service'];
const STEP = 25;

export function HouseholdMatches({ household, send }: Props) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [outcome, setOutcome] = useState<Outcome>('eligible');
  const [text, setText] = useState('');
  const [shown, setShown] = useState(STEP);
  const path = `/households/${household.id}/matches`;
  const likely = useQuery({
    queryKey: ['matches', household.id, 'likely'],
    queryFn: () => getAll<HouseholdMatch>(path),
  });
  const unlikely = useQuery({
    queryKey: ['matches', household.id, 'ineligible'],
    queryFn: () => getAll<HouseholdMatch>(path, { outcome: 'ineligible' }),
    enabled: outcome === 'ineligible',
  });
  const programs = useQuery({
    queryKey: ['programs', 'by-code'],
    queryFn: () => getAll<Program>('/programs', { status: 'published' }),
    staleTime: 10 * 60_000,
  });
  const problems = usePage<Problem>(`/households/${household.id}/problems`, { limit: 100 });
  const open = (problems.data?.data ?? []).filter((item) => sendable.includes(item.status));
  const known = new Map((programs.data ?? []).map((item) => [item.id, item]));
  const query = outcome === 'ineligible' ? unlikely : likely;
  const count = (which: Outcome) => {
    const rows = which === 'ineligible' ? unlikely.data : likely.data;
    return rows ? ` (${rows.filter((row) => row.outcome === which).length})` : '';
  };
  const answers = (row: HouseholdMatch) => {
    const program = known.get(row.program.id);
    return program ? open.filter((problem) => program.needs.includes(problem.need_code)) : [];
  };
  const wanted = (query.data ?? [])
    .filter((row) => row.outcome === outcome)
    .filter((row) =>
      `${name(row.program.name)} ${row.program.code}`.toLowerCase().includes(text.toLowerCase()),
    );
  // What answers something this family needs comes first.
  const ordered = [
    ...wanted.filter((row) => answers(row).length > 0),
    ...wanted.filter((row) => answers(row).length === 0),
  ];
  return (
    <div className="stack">
      <div className="match-bar">
        <fieldset className="segments">
          <legend className="sp-visually-hidden">{t('match.which')}</legend>
          {outcomes.map((value) => (
            <button
              key={value}
              type="button"
              aria-pressed={outcome === value}
              onClick={() => {
                setOutcome(value);
                setShown(STEP);
              }}
            >
              {t(`match.outcome.${value}`) + count(value)}
            </button>
          ))}
        </fieldset>
        <TextInput
          aria-label={t('match.search')}
          placeholder={t('match.search')}
          className="match-search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          leftSection={<IconSearch size={20} aria-hidden="true" />}
        />
      </div>
      {query.data === undefined || programs.isPending ? (
        <div className="card">
          {query.isError ? (
            <ProblemState error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Loading />
          )}
        </div>
      ) : ordered.length === 0 ? (
        <div className="card">
          <Empty
            title={t(`match.none.${outcome}`)}
            {...(text ? { why: t('list.nothing_matches_why') } : {})}
          />
        </div>
      ) : (
        <>
          {outcome === 'eligible' && <p className="muted small">{t('match.no_problem')}</p>}
          <ul className="matches">
            {ordered.slice(0, shown).map((row) => (
              <MatchCard
                key={row.program.id}
                row={row}
                household={household}
                program={known.get(row.program.id)}
                problems={answers(row)}
                send={send}
              />
            ))}
          </ul>
          {ordered.length > shown && (
            <div>
              <Button variant="default" onClick={() => setShown(shown + STEP)}>
                {t('match.more', { count: ordered.length - shown })}
              </Button>
            </div>
          )}
        </>
      )}
    </div>
  );
}

interface CardProps {
  row: HouseholdMatch;
  household: HouseholdDetail;
  program: Program | undefined;
  problems: Problem[];
  send: Props['send'];
}

function MatchCard({ row, household, program, problems, send }: CardProps) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const needs = useCodes('needs');
  const periods = useCodes('benefit_periods');
  const modes = useCodes('access_modes');
  const [open, setOpen] = useState(false);
  const names = new Map(household.members.map((person) => [person.id, person.name ?? '']));
  const people = row.member_ids.map((id) => names.get(id)).filter(Boolean);
  const referral = row.program.access_mode === 'referral';
  const title = name(row.program.name);
  return (
    <li>
      <article className="card card-pad match" aria-label={title}>
        <div className="spread">
          <div>
            <h2 className="match-title">
              <Link to="/programs/$id" params={{ id: row.program.id }} className="row-link">
                {title}
              </Link>
            </h2>
            <p className="muted small">
              {[
                program?.organization_name,
                program &&
                  `${formatMoney(program.benefit.value_idr)} · ${periods.name(program.benefit.period)}`,
                !referral && modes.name(row.program.access_mode),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </div>
          <OutcomeBadge outcome={row.outcome} />
        </div>
        {problems.length > 0 && (
          <p className="match-answers">
            {t('match.answers', {
              needs: [...new Set(problems.map((item) => needs.name(item.need_code)))].join(', '),
            })}
          </p>
        )}
        {people.length > 0 && (
          <p className="small">{t('match.by_members', { names: people.join(', ') })}</p>
        )}
        {row.outcome === 'needs_data' && row.missing.length > 0 && (
          <p className="small">
            {t('match.asks', {
              facts: [...new Set(row.missing.map((item) => name(item.label)))].join(', '),
            })}
          </p>
        )}
        {row.valid_until && (
          <p className="small muted">{t('match.until', { date: formatDate(row.valid_until) })}</p>
        )}
        <div className="row">
          {row.outcome === 'eligible' &&
            program &&
            referral &&
            problems[0] &&
            send(problems[0], program)}
          <Button variant="default" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'match.hide' : row.outcome === 'ineligible' ? 'match.why_not' : 'match.why')}
            <span className="sp-visually-hidden"> {title}</span>
          </Button>
        </div>
        {open && (
          <Explanation householdId={household.id} programId={row.program.id} names={names} />
        )}
      </article>
    </li>
  );
}
