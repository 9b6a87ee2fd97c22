import { ActionIcon } from '@mantine/core';
import { IconArrowLeft, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { typingIn } from './keys';
import { parseSearch } from './list/search-params';
import { neighboursOf } from './list/trail';
import { problemTitle } from './problem-text';
import { Loading, ProblemState } from './states';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Satu Pintu` : 'Satu Pintu';
  }, [title]);
}

export function Page({
  title,
  lead,
  actions,
  back,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** On the page of one record: what its list is called. */
  back?: string;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="page">
      {back && <RecordBar back={back} />}
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <p className="page-lead">{lead}</p>}
        </div>
        {actions && <div className="row no-print">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** The way back to the list as it was left, and to the records before and after (keys [ and ]). */
export function RecordBar({ back }: { back: string }) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const { list, at, count, previous, next } = neighboursOf(path);
  const [listPath, search = ''] = list.split('?');

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
      const to = event.key === '[' ? previous : event.key === ']' ? next : undefined;
      if (to) void navigate({ to });
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [previous, next, navigate]);

  return (
    <nav className="record-bar no-print" aria-label={t('record.nav')}>
      <Link to={listPath} search={parseSearch(search) as never} className="record-back">
        <IconArrowLeft size={18} aria-hidden="true" />
        {back}
      </Link>
      {at !== null && (
        <div className="row record-steps">
          <Step to={previous} label={t('record.previous')} icon={IconChevronLeft} keys="[" />
          <span className="muted small sp-num">{t('record.place', { at, count })}</span>
          <Step to={next} label={t('record.next')} icon={IconChevronRight} keys="]" />
        </div>
      )}
    </nav>
  );
}

function Step(props: {
  to: string | undefined;
  label: string;
  icon: typeof IconChevronLeft;
  keys: string;
}) {
  const navigate = useNavigate();
  const { to, label, icon: Icon, keys } = props;
  return (
    <ActionIcon
      variant="default"
      size={44}
      aria-label={label}
      aria-keyshortcuts={keys}
      title={label}
      disabled={!to}
      onClick={() => to && void navigate({ to })}
    >
      <Icon size={20} aria-hidden="true" />
    </ActionIcon>
  );
}

/** A record that is not there yet, or not to be had: still a page with its heading and its way back. */
export function RecordState({ query, back }: { query: UseQueryResult<unknown>; back: string }) {
  const { t } = useTranslation();
  useTitle(query.isError ? problemTitle(query.error) : back);
  return (
    <div className="page">
      <RecordBar back={back} />
      {!query.isError && <h1 className="sp-visually-hidden">{t('app.loading')}</h1>}
      <div className="card">
        {query.isError ? (
          <ProblemState error={query.error} heading="h1" retry={() => void query.refetch()} />
        ) : (
          <Loading lines={10} />
        )}
      </div>
    </div>
  );
}

export function Card({
  title,
  actions,
  children,
  flush = false,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}) {
  return (
    <section className={flush ? 'card' : 'card card-pad stack'} aria-label={title}>
      {(title || actions) && (
        <div className={flush ? 'spread card-pad' : 'spread'}>
          {title && <h2 className="card-title">{title}</h2>}
          {actions && <div className="row">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}

export function Facts({ items }: { items: (readonly [string, ReactNode] | null)[] }) {
  return (
    <dl className="facts">
      {items.map(
        (item) =>
          item && (
            <div key={item[0]}>
              <dt>{item[0]}</dt>
              <dd>{item[1] === null || item[1] === undefined || item[1] === '' ? '–' : item[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
