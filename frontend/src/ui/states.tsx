// What a screen shows when it has no data to show: waiting, nothing, refused, offline, forbidden.
import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCloudOff,
  IconInbox,
  IconInfoCircle,
  IconLock,
  IconMoodEmpty,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, NetworkProblem } from '~/api/problem';
import { CopyText } from './CopyText';
import { problemDetail, problemTitle } from './problem-text';

/** True once the wait is long enough that a skeleton calms more than it flickers. */
export function useAfter(milliseconds: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return over;
}

export function Loading({ lines = 6 }: { lines?: number }) {
  const { t } = useTranslation();
  const show = useAfter(200);
  return (
    <div role="status" aria-live="polite" data-loading className="stack card-pad">
      <span className="sp-visually-hidden">{t('app.loading')}</span>
      {show &&
        Array.from({ length: lines }, (_, line) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders have no identity
            key={line}
            className="skeleton"
            style={{ width: `${96 - ((line * 17) % 40)}%` }}
          />
        ))}
    </div>
  );
}

export function Empty({ title, why, action }: { title: string; why?: string; action?: ReactNode }) {
  return (
    <div className="state">
      <IconInbox size={40} aria-hidden="true" />
      <h2>{title}</h2>
      {why && <p>{why}</p>}
      {action}
    </div>
  );
}

export function ProblemState({
  error,
  retry,
  heading: Heading = 'h2',
}: {
  error: unknown;
  retry?: () => void;
  /** h1 where it is all the page has. */
  heading?: 'h1' | 'h2';
}) {
  const { t } = useTranslation();
  const offline = error instanceof NetworkProblem;
  const status = error instanceof ApiProblem ? error.status : 0;
  const Icon = offline
    ? IconCloudOff
    : status === 403
      ? IconLock
      : status === 404
        ? IconMoodEmpty
        : IconAlertTriangle;
  const detail = problemDetail(error);
  return (
    <div className="state" role="alert">
      <Icon size={40} aria-hidden="true" />
      <Heading>{problemTitle(error)}</Heading>
      {detail && <p>{detail}</p>}
      {error instanceof ApiProblem && error.requestId && (
        <p className="small">
          {t('ui.request_id')} <CopyText text={error.requestId} />
        </p>
      )}
      {status === 403 && (
        <Button component={Link} to="/" variant="default">
          {t('shell.to_home')}
        </Button>
      )}
      {retry && status !== 403 && (
        <Button variant="default" onClick={retry}>
          {t('ui.retry')}
        </Button>
      )}
    </div>
  );
}

type Tone = 'info' | 'bad' | 'warn' | 'good';

export function Notice({
  tone = 'info',
  title,
  children,
  role,
}: {
  tone?: Tone;
  title?: string;
  children?: ReactNode;
  role?: 'alert' | 'status';
}) {
  const Icon = tone === 'info' || tone === 'good' ? IconInfoCircle : IconAlertTriangle;
  return (
    <div className={`notice notice-${tone}`} role={role}>
      <Icon size={22} aria-hidden="true" />
      <div className="notice-body">
        {title && <span className="notice-title">{title}</span>}
        {children}
      </div>
    </div>
  );
}

/** A refusal inside a form or dialog, beside what was refused. */
export function ProblemNotice({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  const detail = problemDetail(error);
  return (
    <Notice tone="bad" title={problemTitle(error)} role="alert">
      {detail && <p>{detail}</p>}
      {error instanceof ApiProblem && error.requestId && error.status >= 500 && (
        <p className="small">
          {t('ui.request_id')} <CopyText text={error.requestId} />
        </p>
      )}
    </Notice>
  );
}
