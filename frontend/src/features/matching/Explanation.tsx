// Why a program does or does not fit a household, clause by clause, what is missing, and what could lawfully change it.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import { getAll, useCodes } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { formatDate, formatInstant } from '~/ui/format';
import { Loading, ProblemState } from '~/ui/states';
import { TruthSign } from './OutcomeBadge';
import type { DecidingClause, LawfulChange, MatchExplanation, RuleFact } from './types';

interface Props {
  householdId: string;
  programId: string;
  /** Names of the people by id. */
  names: Map<string, string>;
}

export function Explanation({ householdId, programId, names }: Props) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const documents = useCodes('documents');
  const query = useQuery({
    queryKey: ['match', householdId, programId],
    queryFn: ({ signal }) =>
      get<MatchExplanation>(`/households/${householdId}/matches/${programId}`, undefined, signal),
  });
  if (!query.data) {
    return query.isError ? <ProblemState error={query.error} /> : <Loading lines={3} />;
  }
  const { match, sentence, changes, stored } = query.data;
  const labels = new Map(match.missing.map((item) => [item.fact, name(item.label)]));
  const papers = (codes: string[]) =>
    codes.length > 0 && (
      <span className="muted small">
        {' '}
        {t('match.shown_by', { documents: codes.map((code) => documents.name(code)).join(', ') })}
      </span>
    );
  const who = (id: string | null) => (id ? names.get(id) || t('match.member') : '');
  return (
    <div className="explanation">
      <p className="explanation-rule">{name(sentence)}</p>
      <h3>{t('match.clauses')}</h3>
      <ul className="truths">
        {grouped(match.deciding).map(([clause, ids]) => (
          <li key={clause.pointer + clause.truth}>
            <TruthSign truth={clause.truth} />
            <span>
              {name(clause.phrase)}
              {ids.length > 0 && (
                <span className="muted small"> · {ids.map((id) => who(id)).join(', ')}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {match.missing.length > 0 && (
        <>
          <h3>{t('match.missing')}</h3>
          <ul>
            {match.missing.map((item) => (
              <li key={`${item.fact}${item.member_id}${item.pointer}`}>
                <strong>{name(item.label)}</strong>
                {item.member_id && ` (${who(item.member_id)})`}: {word('match_why', item.why)}.
                {papers(item.documents)}
              </li>
            ))}
          </ul>
        </>
      )}
      {match.outcome !== 'eligible' && (
        <>
          <h3>{t('match.changes')}</h3>
          {changes.length === 0 ? (
            <p className="muted">{t('match.no_change')}</p>
          ) : (
            <ul>
              {changes.map((item) => (
                <li key={`${item.kind}${item.pointer}${item.fact}${item.member_id}`}>
                  <ChangeText change={item} label={labels.get(item.fact ?? '')} who={who} />
                  {papers(item.documents)}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      <p className="muted small">
        {t('match.evaluated', { at: formatInstant(match.evaluated_at), n: match.rule_version })}
        {stored && stored !== match.outcome && ` ${t('match.stored_differs')}`}
      </p>
    </div>
  );
}

/** One clause that several people decide is one line. */
function grouped(deciding: DecidingClause[]): [DecidingClause, string[]][] {
  const found = new Map<string, [DecidingClause, string[]]>();
  for (const clause of deciding) {
    const key = clause.pointer + clause.truth;
    const entry = found.get(key) ?? [clause, []];
    if (clause.member_id) entry[1].push(clause.member_id);
    found.set(key, entry);
  }
  return [...found.values()];
}

function ChangeText({
  change,
  label,
  who,
}: {
  change: LawfulChange;
  label: string | undefined;
  who: (id: string | null) => string;
}) {
  const { t } = useTranslation();
  const facts = useFactLabel();
  const fact = label ?? facts(change.fact);
  const person = change.member_id ? ` (${who(change.member_id)})` : '';
  switch (change.kind) {
    case 'ask':
      return <>{t('match.change.ask', { fact: fact + person })}</>;
    case 'check':
      return <>{t('match.change.check', { fact: fact + person })}</>;
    case 'date':
      return <>{t('match.change.date', { date: formatDate(change.on), who: person })}</>;
    case 'verify':
      return <>{t('match.change.verify', { who: person })}</>;
    case 'assess':
      return <>{t('match.change.assess', { who: person })}</>;
    default:
      return <>{change.kind}</>;
  }
}

/** Names of facts, for those an explanation does not carry itself. */
function useFactLabel() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const query = useQuery({
    queryKey: ['rule-facts'],
    queryFn: () => getAll<RuleFact>('/rule-facts'),
    staleTime: 30 * 60_000,
  });
  const own = ['members', 'problem', 'benefits', 'decile'];
  return (fact: string | null) => {
    if (!fact) return t('match.this_fact');
    if (own.includes(fact)) return t(`match.own_fact.${fact as 'members'}`);
    return name(query.data?.find((item) => item.name === fact)?.label) || fact;
  };
}
