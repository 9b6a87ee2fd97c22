// What a plan amounts to: whom it serves, how good it provably is, who is left out and why, area by area.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { word } from '~/i18n';
import { CopyText } from '~/ui/CopyText';
import { formatInstant, formatMoney, formatNumber } from '~/ui/format';
import { Card, Facts } from '~/ui/page';
import { Notice } from '~/ui/states';
import { Bar, formatPoints, formatShare, Proof, tierWord } from './alloc-bits';
import { Districts } from './Districts';
import { PlanFrame } from './PlanFrame';
import { type Plan, weightNames } from './types';

export function PlanResult({ id }: { id: string }) {
  return (
    <PlanFrame id={id} at="result">
      {(plan) => (
        <>
          <Execution plan={plan} />
          <Sums plan={plan} />
          <div className="alloc-desk">
            <Tiers plan={plan} />
            <LeftOutBars plan={plan} />
          </div>
          <Districts id={id} />
          <How plan={plan} />
        </>
      )}
    </PlanFrame>
  );
}

function Sums({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const counts = plan.counts;
  if (!counts) return null;
  return (
    <Card>
      <div className="alloc-tiles">
        <p className="alloc-tile">
          <strong>{formatNumber(counts.lines)}</strong>
          {t('alloc.tile.lines', { needs: formatNumber(counts.needs) })}
        </p>
        <p className="alloc-tile">
          <strong>{formatMoney(counts.amount_idr)}</strong>
          {t('alloc.tile.money')}
        </p>
        <p className="alloc-tile">
          <strong>{formatNumber(counts.left_out)}</strong>
          {t('alloc.tile.left_out')}
        </p>
        <p className="alloc-tile">
          <strong>{formatNumber(counts.needs_data)}</strong>
          {t('alloc.tile.ask_first')}
        </p>
      </div>
      <p className="strong">
        <Proof gap={plan.gap ?? 0} complete={plan.complete ?? true} />
      </p>
      {counts.stale_programs > 0 && (
        <Notice tone="warn" title={t('alloc.stale', { n: formatNumber(counts.stale_programs) })} />
      )}
    </Card>
  );
}

function Execution({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const done = plan.execution;
  if (!plan.executed_at) return null;
  return (
    <Card title={t('alloc.execution')}>
      <Facts
        items={[
          [t('alloc.sent'), `${formatNumber(done.sent)} · ${formatMoney(done.sent_idr)}`],
          [t('alloc.waiting'), formatNumber(done.planned)],
          [
            t('alloc.skipped'),
            done.skipped > 0 ? (
              <Link
                key="skipped"
                to={`/allocation-plans/${plan.id}/lines` as string}
                search={{ status: 'skipped' } as never}
              >
                {formatNumber(done.skipped)}
              </Link>
            ) : (
              '0'
            ),
          ],
          [t('alloc.replacing'), formatNumber(done.replacing)],
          done.cancelled > 0 ? [t('alloc.not_tried'), formatNumber(done.cancelled)] : null,
        ]}
      />
    </Card>
  );
}

function Tiers({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  return (
    <Card title={t('alloc.by_tier')}>
      <p className="muted">{t('alloc.by_tier_why')}</p>
      <ol className="alloc-tiers">
        {plan.tiers.map((tier) => (
          <li key={tier.tier} className="alloc-tier">
            <span className="spread">
              <span className="strong">{tierWord(tier.tier)}</span>
              <span className="sp-num">
                {t('alloc.served_of', {
                  lines: formatNumber(tier.lines),
                  needs: formatNumber(tier.needs),
                })}
              </span>
            </span>
            <Bar share={tier.needs ? tier.lines / tier.needs : 0} />
            <span className="muted small">
              {tier.needs === 0 ? (
                t('alloc.nobody_in_tier')
              ) : (
                <>
                  {formatMoney(tier.amount_idr)} · <Proof gap={tier.gap} complete={tier.complete} />
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function LeftOutBars({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const rows = plan.left_out.filter((row) => row.needs > 0).sort((a, b) => b.needs - a.needs);
  const most = Math.max(1, ...rows.map((row) => row.needs));
  return (
    <Card title={t('alloc.who_left_out')}>
      {rows.length === 0 ? (
        <p className="muted">{t('alloc.nobody_left_out')}</p>
      ) : (
        <ul className="alloc-bars">
          {rows.map((row) => (
            <li key={row.reason}>
              <Link
                to={`/allocation-plans/${plan.id}/left-out` as string}
                search={{ reason: row.reason } as never}
              >
                {word('alloc_reason', row.reason)}
              </Link>
              <Bar share={row.needs / most} tone="open" />
              <span className="sp-num nowrap">
                {formatNumber(row.needs)}{' '}
                <span className="muted small">({formatShare(row.share)})</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** What anybody needs to calculate it again. */
function How({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const chosen = (ids: string[] | null) =>
    ids === null ? t('alloc.all_of_them') : formatNumber(ids.length);
  const { parameters } = plan;
  return (
    <Card title={t('alloc.how')}>
      <Facts
        items={[
          [t('alloc.as_of'), formatInstant(plan.as_of)],
          [t('alloc.programs'), chosen(parameters.program_ids)],
          [t('alloc.sources'), chosen(parameters.funding_source_ids)],
          [
            t('alloc.weights'),
            weightNames
              .map((name) => `${t(`alloc.weight.${name}`)} ${parameters.weights[name]}`)
              .join(', '),
          ],
          [t('alloc.cap'), formatNumber(parameters.awards_per_household)],
          parameters.extra_budgets.length > 0
            ? [
                t('alloc.extra'),
                formatMoney(parameters.extra_budgets.reduce((sum, one) => sum + one.amount_idr, 0)),
              ]
            : null,
          [t('alloc.value'), plan.value === null ? '–' : formatPoints(plan.value)],
          [t('alloc.bound'), plan.upper_bound === null ? '–' : formatPoints(plan.upper_bound)],
          plan.proposed_at ? [t('alloc.proposed_at'), formatInstant(plan.proposed_at)] : null,
          plan.approved_at ? [t('alloc.approved_at'), formatInstant(plan.approved_at)] : null,
        ]}
      />
      <details>
        <summary>{t('alloc.check')}</summary>
        <p className="muted small">{t('alloc.check_why')}</p>
        <Facts
          items={[
            [
              t('alloc.seed_hash'),
              <CopyText
                key="hash"
                text={plan.seed_commitment}
                short={`${plan.seed_commitment.slice(0, 16)}…`}
              />,
            ],
            [
              t('alloc.seed'),
              plan.seed === null ? t('alloc.seed_later') : <CopyText key="seed" text={plan.seed} />,
            ],
            plan.input_sha256
              ? [
                  t('alloc.input_hash'),
                  <CopyText
                    key="input"
                    text={plan.input_sha256}
                    short={`${plan.input_sha256.slice(0, 16)}…`}
                  />,
                ]
              : null,
            plan.result_sha256
              ? [
                  t('alloc.result_hash'),
                  <CopyText
                    key="result"
                    text={plan.result_sha256}
                    short={`${plan.result_sha256.slice(0, 16)}…`}
                  />,
                ]
              : null,
          ]}
        />
      </details>
    </Card>
  );
}
