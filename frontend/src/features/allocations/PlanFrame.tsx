// The frame of a plan's pages: what it is called, how far it is, who may take it on, and its parts as links.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, call, get } from '~/api/http';
import type { Operation } from '~/api/types';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { formatInstant, formatNumber } from '~/ui/format';
import { Card, Page, RecordState } from '~/ui/page';
import { Notice } from '~/ui/states';
import { PlanActions } from './PlanActions';
import { type Plan, working } from './types';
import './allocations.css';

const parts = ['result', 'lines', 'left-out', 'money', 'fairness'] as const;
export type Part = (typeof parts)[number];

const ASK_AGAIN = 1500;

export function usePlan(id: string) {
  return useQuery<Answer<Plan>>({
    queryKey: ['allocation-plans', id],
    queryFn: ({ signal }) => call<Plan>(`/allocation-plans/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data && working(state.data.data) ? ASK_AGAIN : false),
  });
}

interface Props {
  id: string;
  at: Part;
  children: (plan: Plan) => ReactNode;
}

export function PlanFrame({ id, at, children }: Props) {
  const { t } = useTranslation();
  const query = usePlan(id);
  const plan = query.data?.data;
  if (!plan) return <RecordState query={query} back={t('alloc.title')} />;
  const solved = plan.solved_at !== null;
  return (
    <Page
      back={t('alloc.title')}
      title={plan.name}
      lead={[
        word('alloc_policy', plan.policy),
        t('alloc.made_by', { name: plan.created_by_name, when: formatInstant(plan.created_at) }),
      ].join(' · ')}
      actions={<PlanActions plan={plan} />}
    >
      <div className="row">
        <StatusBadge group="alloc_status" value={plan.status} />
        <Way plan={plan} />
        {plan.what_if && <span className="badge badge-warn">{t('alloc.what_if')}</span>}
        {plan.sensitivity === 'restricted' && (
          <span className="badge badge-bad">{t('alloc.restricted')}</span>
        )}
      </div>
      {plan.what_if && <Notice title={t('alloc.what_if_why')} />}
      {plan.status === 'failed' && (
        <Notice tone="bad" title={t('alloc.failed')} role="alert">
          <p>{plan.error?.title ?? plan.error?.code}</p>
        </Notice>
      )}
      {plan.reason && (
        <Notice tone="warn" title={t('alloc.because')}>
          <p>{plan.reason}</p>
        </Notice>
      )}
      {working(plan) && <Working plan={plan} />}
      {solved ? (
        <>
          <nav className="page-tabs" aria-label={t('alloc.parts')}>
            {parts.map((part) => (
              <Link
                key={part}
                to={
                  (part === 'result'
                    ? `/allocation-plans/${id}`
                    : `/allocation-plans/${id}/${part}`) as string
                }
                activeOptions={{ exact: true, includeSearch: false }}
                aria-current={part === at ? 'page' : undefined}
              >
                {t(`alloc.part.${part}`)}
              </Link>
            ))}
          </nav>
          {children(plan)}
        </>
      ) : null}
    </Page>
  );
}

const way: Plan['status'][] = ['draft', 'proposed', 'approved', 'executed'];

/** The steps from a calculation to help on its way, and whose turn it is; a trial goes no further than its result. */
function Way({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const at = plan.status === 'executing' ? 3 : way.indexOf(plan.status);
  if (at < 0 || plan.what_if) return null;
  return (
    <ol className="alloc-steps small" aria-label={t('alloc.way')}>
      {way.map((step, index) => (
        <li
          key={step}
          data-done={index < at || undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          {word('alloc.step', step)}
        </li>
      ))}
    </ol>
  );
}

/** How far the calculation, or the sending, is. */
function Working({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['operations', plan.operation_id],
    queryFn: () => get<Operation>(`/operations/${plan.operation_id}`),
    refetchInterval: ASK_AGAIN,
    retry: false,
  });
  const operation = query.data;
  const over = operation !== undefined && !['queued', 'running'].includes(operation.state);
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: ['allocation-plans', plan.id] });
  }, [over, queries, plan.id]);
  const done = operation?.progress.done ?? 0;
  const total = operation?.progress.total ?? null;
  const title = t(plan.status === 'executing' ? 'alloc.executing' : 'alloc.calculating');
  return (
    <Card title={title}>
      <div className="stack" role="status" aria-live="polite">
        <progress
          className="sp-visually-hidden"
          aria-label={title}
          {...(total ? { value: done, max: total } : {})}
        />
        <div className="meter" aria-hidden="true">
          <span style={{ width: `${total ? Math.min(100, (100 * done) / total) : 8}%` }} />
        </div>
        <p className="sp-num">
          {total
            ? t('alloc.progress', { done: formatNumber(done), total: formatNumber(total) })
            : t('alloc.waits_turn')}
        </p>
      </div>
    </Card>
  );
}
