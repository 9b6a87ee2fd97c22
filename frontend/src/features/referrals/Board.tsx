// The board: one column a status, over the same filters as the table. Arrow keys walk from card to card.
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Query } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Page as PageOf, Referral } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { ReferralVerbs, Transition } from './ReferralActions';
import { Due } from './referral-bits';
import { byDue, isLate, running, type Verb } from './referral-verbs';
import './referrals.css';

const CARDS = 25;
const columns = ['draft', ...running, 'completed'] as const;

/** Filters that both views share; the status is the columns'. */
export function boardQuery(search: Record<string, unknown>): Query {
  const { status: _status, view: _view, cursor: _cursor, limit: _limit, ...rest } = search;
  return rest as Query;
}

export function Board({ filters, only }: { filters: Query; only: string | undefined }) {
  const { t } = useTranslation();
  const board = useRef<HTMLDivElement>(null);
  const [acting, setActing] = useState<{ referral: Referral; verb: Verb } | null>(null);
  const shown = columns.filter((status) => !only || only === status);

  function walk(event: KeyboardEvent) {
    const card = (event.target as HTMLElement).closest('article');
    if (!card || !board.current) return;
    const lists = [...board.current.querySelectorAll('section')].map((section) => [
      ...section.querySelectorAll<HTMLElement>('article'),
    ]);
    const x = lists.findIndex((list) => list.includes(card));
    const y = lists[x]?.indexOf(card) ?? 0;
    const step = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[
      event.key
    ];
    if (!step) return;
    const [dx = 0, dy = 0] = step;
    let next = lists[x]?.[y + dy];
    if (dx !== 0) {
      // Empty columns are stepped over.
      let to = x + dx;
      while (lists[to]?.length === 0) to += dx;
      next = lists[to]?.[Math.min(y, (lists[to]?.length ?? 1) - 1)];
    }
    if (!next) return;
    event.preventDefault();
    next.querySelector<HTMLElement>('a')?.focus();
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are an addition to the links within
    <div className="board" ref={board} onKeyDown={walk}>
      {shown.map((status) => (
        <Column
          key={status}
          status={status}
          filters={filters}
          onAct={(referral, verb) => setActing({ referral, verb })}
        />
      ))}
      <p className="sp-visually-hidden">{t('board.keys')}</p>
      {acting && (
        <Transition referral={acting.referral} verb={acting.verb} close={() => setActing(null)} />
      )}
    </div>
  );
}

function Column({
  status,
  filters,
  onAct,
}: {
  status: string;
  filters: Query;
  onAct: (referral: Referral, verb: Verb) => void;
}) {
  const { t } = useTranslation();
  const query = usePage<Referral>('/referrals', {
    ...filters,
    status,
    limit: CARDS,
    include_total: true,
  });
  const page = query.data as (PageOf<Referral> & { page: { total?: number | null } }) | undefined;
  const title = word('referral_status', status);
  const rows = [...(page?.data ?? [])].sort(status === 'completed' ? () => 0 : byDue);
  return (
    <section className="board-column" aria-label={title}>
      <h2 className="board-head">
        {title}
        <span className="tab-count sp-num">{formatNumber(page?.page.total ?? rows.length)}</span>
      </h2>
      {page === undefined ? (
        query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={3} />
        )
      ) : rows.length === 0 ? (
        <p className="muted small board-none">{t('board.none')}</p>
      ) : (
        rows.map((row) => (
          <ReferralCard key={row.id} referral={row} onAct={(verb) => onAct(row, verb)} />
        ))
      )}
      {page?.page.has_more && (
        <Link
          to="/referrals"
          search={{ ...(filters as Record<string, string>), status, view: 'table' } as never}
          className="board-more"
        >
          {t('board.all_of', { status: title })}
        </Link>
      )}
    </section>
  );
}

function ReferralCard({ referral, onAct }: { referral: Referral; onAct: (verb: Verb) => void }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const needs = useCodes('needs');
  const late = isLate(referral);
  const title = name(referral.program_name);
  return (
    <article
      className="board-card"
      data-late={late || undefined}
      aria-label={`${title} ${referral.subject_name ?? ''}`.trim()}
    >
      <p className="strong">
        <Link to="/referrals/$id" params={{ id: referral.id }} className="row-link">
          {referral.subject_name ?? t('board.unnamed')}
        </Link>
      </p>
      <p className="small">{title}</p>
      <p className="small muted">
        {[needs.name(referral.need_code), referral.to_organization_name].join(' · ')}
      </p>
      <p className="small">
        {word('severity', referral.severity)}
        {referral.due_at && (
          <>
            {' · '}
            <Due referral={referral} />
          </>
        )}
      </p>
      <div className="board-acts">
        <ReferralVerbs referral={referral} onChoose={onAct} most={1} />
      </div>
    </article>
  );
}
