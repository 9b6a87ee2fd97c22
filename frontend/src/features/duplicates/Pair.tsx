// Two records side by side, with what differs marked, what hangs on each, and one key for every decision.
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes, useRegions } from '~/api/reference';
import { useAccount } from '~/app/account';
import { word } from '~/i18n';
import { CanButton } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { parts } from '~/ui/entry/parts';
import { formatDate, formatInstant, formatMoney, formatNumber } from '~/ui/format';
import { typingIn } from '~/ui/keys';
import { Loading, Notice, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { Decide } from './Decide';
import type { Compared, Comparison, Holdings, Side, Step } from './types';
import { stepNames, steps } from './types';

/** What is offered even where it is off, so that its reason can be read. */
const always: Record<string, Step[]> = {
  open: ['distinct', 'merge', 'later'],
  proposed: ['confirm-merge', 'reject-merge'],
  merged: ['undo-merge'],
};

export function Pair({ id, decided }: { id: string; decided: () => void }) {
  const query = useResource<Comparison>(
    ['duplicate-candidates', id],
    `/duplicate-candidates/${id}`,
  );
  if (!query.data) {
    return (
      <div className="card">
        {query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={8} />
        )}
      </div>
    );
  }
  return <Shown pair={query.data.data} decided={decided} />;
}

function Shown({ pair, decided }: { pair: Comparison; decided: () => void }) {
  const { t } = useTranslation();
  const me = useAccount().id;
  const [step, setStep] = useState<Step | null>(null);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
      const name = stepNames.find((one) => steps[one].key === event.key.toLowerCase());
      if (!name || !pair.can.includes(name)) return;
      event.preventDefault();
      setStep(name);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [pair]);

  const offered = stepNames.filter(
    (name) => pair.can.includes(name) || always[pair.status]?.includes(name),
  );
  const why = (name: Step) => {
    if (pair.with_coordinator) return t('dup.why.coordinator');
    if (name === 'confirm-merge' && pair.merge?.proposed_by === me) return t('dup.why.own');
    return t('can.no_duty');
  };
  const title = t('dup.side_by_side');
  return (
    <section className="card card-pad stack" aria-label={title}>
      <div className="spread">
        <div className="row">
          <StatusBadge group="dup_status" value={pair.status} />
          <span className="muted">{word('dup_kind', pair.kind)}</span>
        </div>
        {pair.score !== null && (
          <span className="strong">
            {t('dup.likely', { share: `${Math.round(pair.score * 100)} %` })}
          </span>
        )}
      </div>
      {pair.with_coordinator && (
        <Notice title={t('dup.with_coordinator')}>
          <p>{t('dup.with_coordinator_why')}</p>
        </Notice>
      )}
      {pair.cluster?.alarm && (
        <Notice tone="warn" title={t('dup.alarm', { n: pair.cluster.size })} />
      )}
      <Told pair={pair} />
      <div className="row dup-acts no-print">
        {offered.map((name) => (
          <CanButton
            key={name}
            can={pair.can}
            action={name}
            why={why(name)}
            variant="default"
            onClick={() => setStep(name)}
            rightSection={<kbd className="key">{steps[name].key.toUpperCase()}</kbd>}
          >
            {t(`dup.step.${name}`)}
          </CanButton>
        ))}
      </div>
      <Table pair={pair} />
      {step && (
        <Decide
          pair={pair}
          step={step}
          close={() => setStep(null)}
          done={() => {
            setStep(null);
            decided();
          }}
        />
      )}
    </section>
  );
}

/** What was said of the pair, and what a merge did. */
function Told({ pair }: { pair: Comparison }) {
  const { t } = useTranslation();
  const { merge } = pair;
  return (
    <>
      {pair.status === 'proposed' && merge && (
        <Notice tone="warn" title={t('dup.waits_second')}>
          <p>{merge.reason}</p>
        </Notice>
      )}
      {pair.status !== 'proposed' && pair.reason && (
        <p className="muted">
          {[formatInstant(pair.decided_at), pair.reason].join(': ')}
          {pair.later_until && ` (${t('dup.until', { day: formatDate(pair.later_until) })})`}
        </p>
      )}
      {merge?.status === 'undone' && (
        <Notice title={t('dup.undone', { when: formatInstant(merge.undone_at) })}>
          {merge.kept.length > 0 && <p>{t('dup.kept', { n: merge.kept.length })}</p>}
        </Notice>
      )}
    </>
  );
}

function Table({ pair }: { pair: Comparison }) {
  const { t } = useTranslation();
  const show = useShow();
  const regions = useRegions();
  const survivor = pair.status === 'merged' ? pair.merge?.survivor_id : undefined;
  const head = (side: Side | null, letter: string) => (
    <th scope="col">
      {side ? (
        <>
          <Link to="/households/$id" params={{ id: side.household_id }}>
            {side.name ?? t('dup.unnamed')}
          </Link>
          {survivor && (
            <span className="muted small">
              {' '}
              {t(survivor === side.id ? 'dup.stays' : 'dup.merged')}
            </span>
          )}
        </>
      ) : (
        <>
          {t('dup.record')} {letter}
        </>
      )}
    </th>
  );
  const plain = (label: string, of: (side: Side) => string) => (
    <tr>
      <th scope="row">{label}</th>
      <td>{pair.a ? of(pair.a) : '–'}</td>
      <td>{pair.b ? of(pair.b) : '–'}</td>
    </tr>
  );
  const held = (label: string, of: (holds: Holdings) => string) => (
    <tr>
      <th scope="row">{label}</th>
      <td>{pair.a_holds ? of(pair.a_holds) : '–'}</td>
      <td>{pair.b_holds ? of(pair.b_holds) : '–'}</td>
    </tr>
  );
  return (
    <table className="dup-table">
      <thead>
        <tr>
          <th scope="col">
            <span className="sp-visually-hidden">{t('dup.field_name')}</span>
          </th>
          {head(pair.a, 'A')}
          {head(pair.b, 'B')}
        </tr>
      </thead>
      <tbody>
        {pair.fields.map((field) => (
          <tr key={field.field} data-agreement={field.agreement}>
            <th scope="row">
              {word('dup_field', field.field)}
              {field.agreement !== 'unknown' && (
                <span className="dup-mark">{t(`dup.agreement.${field.agreement}`)}</span>
              )}
            </th>
            <td>
              <Marked
                field={field}
                text={show(field.field, field.a)}
                other={show(field.field, field.b)}
              />
            </td>
            <td>
              <Marked
                field={field}
                text={show(field.field, field.b)}
                other={show(field.field, field.a)}
              />
            </td>
          </tr>
        ))}
        {plain(t('problems.region'), (side) => regions.full(side.region_code))}
        {plain(t('dup.state'), (side) => word('dup_life', side.status))}
        {plain(t('dup.source'), (side) => word('data_source', side.source))}
        {plain(t('dup.changed'), (side) => formatInstant(side.updated_at))}
        {held(t('dup.problems'), (holds) => formatNumber(holds.problems))}
        {held(t('dup.referrals'), (holds) => formatNumber(holds.referrals))}
        {held(t('dup.awards'), (holds) => formatNumber(holds.awards))}
        {held(t('dup.money'), (holds) => formatMoney(holds.amount_idr))}
        {held(t('dup.cases'), (holds) => formatNumber(holds.cases))}
      </tbody>
    </table>
  );
}

/** Values as people read them. */
export function useShow() {
  const relations = useCodes('relation');
  const marital = useCodes('marital_status');
  const regions = useRegions();
  return (field: string, value: string | null): string | null => {
    if (value === null) return null;
    if (field === 'sex') return word('sex', value);
    if (field === 'relation') return relations.name(value);
    if (field === 'marital_status') return marital.name(value);
    // An address ends with its kelurahan's code.
    if (field === 'address') return value.replace(/\b\d\d(\.\d\d){2}\.\d{4}\b/, regions.full);
    if (field === 'birth_date') return formatDate(value);
    return value;
  };
}

function Marked(props: { field: Compared; text: string | null; other: string | null }) {
  const { t } = useTranslation();
  const { field, text, other } = props;
  if (text === null) return <span className="muted">{t('dup.not_known')}</span>;
  if (other === null || field.agreement === 'same') return text;
  return parts(text, other).map((part, at) =>
    part.differs ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no identity
      <mark key={at}>{part.text}</mark>
    ) : (
      part.text
    ),
  );
}
