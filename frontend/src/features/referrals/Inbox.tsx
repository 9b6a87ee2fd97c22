// The inbox of an organization: what waits for its answer, due first, and one key for every answer.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes, useRegions } from '~/api/reference';
import type { Referral } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { formatDate, formatInstant, formatMoney } from '~/ui/format';
import { typingIn } from '~/ui/keys';
import { Facts, Page } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { ReferralVerbs, Transition } from './ReferralActions';
import { Due } from './referral-bits';
import { byDue, isLate, type Verb } from './referral-verbs';
import './referrals.css';

const boxes = ['sent', 'accepted', 'scheduled', 'in_service', 'returned'] as const;
type Box = (typeof boxes)[number];

const keys: Partial<Record<Verb, string>> = {
  accept: 'A',
  return: 'R',
  decline: 'D',
  schedule: 'S',
  start: 'M',
  complete: 'C',
};
const ofKey = new Map(Object.entries(keys).map(([verb, key]) => [key.toLowerCase(), verb as Verb]));

export default function Inbox() {
  const { t } = useTranslation();
  const search = useSearch({ strict: false }) as { box?: string };
  const navigate = useNavigate();
  const box: Box = boxes.find((name) => name === search.box) ?? 'sent';
  return (
    <Page
      title={t('board.inbox')}
      lead={t('board.inbox_lead')}
      actions={
        <Link to="/referrals" className="record-back">
          {t('board.to_all')}
        </Link>
      }
    >
      <nav className="page-tabs" aria-label={t('board.boxes')}>
        {boxes.map((name) => (
          <BoxTab key={name} box={name} at={box} />
        ))}
      </nav>
      <Letters
        key={box}
        box={box}
        onBox={(next) => void navigate({ to: '.', search: { box: next } as never })}
      />
    </Page>
  );
}

function useBox(box: Box) {
  return usePage<Referral>('/referrals', { status: box, mine: true, limit: 100 });
}

function BoxTab({ box, at }: { box: Box; at: Box }) {
  const { t } = useTranslation();
  const query = useBox(box);
  const count = query.data?.data.length;
  return (
    <Link
      to="/inbox"
      search={{ box } as never}
      aria-current={box === at ? 'page' : undefined}
      className="inbox-tab"
    >
      {t(`board.box.${box}`)}
      {count !== undefined && (
        <span className="tab-count sp-num">
          {count}
          {query.data?.page.has_more ? '+' : ''}
        </span>
      )}
    </Link>
  );
}

function Letters({ box, onBox }: { box: Box; onBox: (box: Box) => void }) {
  const { t } = useTranslation();
  const query = useBox(box);
  const rows = [...(query.data?.data ?? [])].sort(byDue);
  const [chosen, setChosen] = useState<string | null>(null);
  const [acting, setActing] = useState<{ referral: Referral; verb: Verb } | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === chosen),
  );
  const current = rows[at];

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
      const move = { j: 1, k: -1 }[event.key];
      if (move) {
        const next = rows[Math.min(Math.max(at + move, 0), rows.length - 1)];
        if (!next) return;
        setChosen(next.id);
        list.current
          ?.querySelector<HTMLElement>(`[data-id="${next.id}"]`)
          ?.focus({ preventScroll: false });
        event.preventDefault();
        return;
      }
      const box = Number(event.key);
      if (box >= 1 && box <= boxes.length) return onBox(boxes[box - 1] ?? 'sent');
      const verb = ofKey.get(event.key.toLowerCase());
      if (verb && current?.can.includes(verb)) {
        setActing({ referral: current, verb });
        event.preventDefault();
      }
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  if (query.data === undefined) {
    return (
      <div className="card">
        {query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    );
  }
  if (!current) {
    return (
      <div className="card">
        <Empty title={t(`board.empty.${box}`)} why={t('board.empty_why')} />
      </div>
    );
  }
  function arrows(event: ReactKeyboardEvent) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = move && rows[at + move];
    if (!next) return;
    event.preventDefault();
    setChosen(next.id);
    list.current?.querySelector<HTMLElement>(`[data-id="${next.id}"]`)?.focus();
  }
  return (
    <>
      <p className="muted small inbox-keys">{t('board.inbox_keys')}</p>
      <div className="inbox">
        <ul className="inbox-list card" ref={list} onKeyDown={arrows}>
          {rows.map((row) => (
            <li key={row.id}>
              <LetterHead
                referral={row}
                current={row.id === current.id}
                onChoose={() => setChosen(row.id)}
              />
            </li>
          ))}
        </ul>
        <Letter referral={current} onAct={(verb) => setActing({ referral: current, verb })} />
      </div>
      {acting && (
        <Transition referral={acting.referral} verb={acting.verb} close={() => setActing(null)} />
      )}
    </>
  );
}

function LetterHead({
  referral,
  current,
  onChoose,
}: {
  referral: Referral;
  current: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const regions = useRegions();
  return (
    <button
      type="button"
      className="inbox-head"
      data-id={referral.id}
      data-late={isLate(referral) || undefined}
      aria-pressed={current}
      onClick={onChoose}
    >
      <span className="strong">{referral.subject_name ?? t('board.unnamed')}</span>
      <span className="small">{name(referral.program_name)}</span>
      <span className="small muted">
        {[regions.name(referral.region_code), word('severity', referral.severity)].join(' · ')}
        {' · '}
        <Due referral={referral} />
      </span>
    </button>
  );
}

function Letter({ referral, onAct }: { referral: Referral; onAct: (verb: Verb) => void }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const needs = useCodes('needs');
  const regions = useRegions();
  const sent = (referral as Referral & { sent_at?: string | null }).sent_at;
  return (
    <section className="card card-pad stack inbox-letter" aria-label={t('board.chosen')}>
      <div className="spread">
        <h2 className="card-title">{referral.subject_name ?? t('board.unnamed')}</h2>
        <StatusBadge group="referral_status" value={referral.status} />
      </div>
      {!referral.subject_name && <p className="muted small">{t('board.unnamed_why')}</p>}
      <Facts
        items={[
          [t('referrals.program'), name(referral.program_name)],
          [t('referrals.need'), needs.name(referral.need_code)],
          [t('board.severity'), word('severity', referral.severity)],
          [t('board.region'), regions.full(referral.region_code)],
          [t('referrals.amount'), formatMoney(referral.amount_idr)],
          [t('referrals.due'), <Due key="due" referral={referral} />],
          sent ? [t('board.sent_at'), formatInstant(sent)] : null,
          referral.scheduled_on
            ? [t('referrals.scheduled_on'), formatDate(referral.scheduled_on)]
            : null,
          referral.note ? [t('ui.note'), referral.note] : null,
        ]}
      />
      <div className="row">
        <ReferralVerbs referral={referral} onChoose={onAct} keys={keys} />
        <Link to="/referrals/$id" params={{ id: referral.id }} className="record-back">
          {t('board.open')}
        </Link>
      </div>
    </section>
  );
}
