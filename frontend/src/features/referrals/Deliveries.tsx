// What of a referral was given, line by line: planned, approved by another, given out, received with proof, accounted
// for. What the recipient says stands beside what was recorded.
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import type { Referral } from '~/api/types';
import { word } from '~/i18n';
import { CanButton } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatDate, formatMoney, formatNumber } from '~/ui/format';
import { Card, Facts } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { DeliveryStep } from './DeliveryStep';
import { counts, type Delivery, type DeliveryVerb, deliveryVerbs } from './delivery-types';
import { PlanDelivery } from './PlanDelivery';
import './referrals.css';

const gives = ['accepted', 'scheduled', 'in_service'];

export function Deliveries({ referral }: { referral: Referral }) {
  const { t } = useTranslation();
  const [planning, setPlanning] = useState(false);
  const query = usePage<Delivery>(`/referrals/${referral.id}/deliveries`, { limit: 100 });
  const lines = query.data?.data ?? [];
  const ours = referral.can.includes('plan-delivery');
  const held = lines.filter(counts).reduce((sum, line) => sum + line.amount_idr, 0);
  const left = Math.max(0, referral.amount_idr - held);
  const open = gives.includes(referral.status);
  if (query.data && lines.length === 0 && !open) return null;
  return (
    <Card
      title={t('delivery.title')}
      actions={
        ours && (
          <CanButton
            can={left > 0 || referral.amount_idr === 0 ? ['plan'] : []}
            action="plan"
            why={t('delivery.all_planned')}
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setPlanning(true)}
          >
            {t('delivery.plan')}
          </CanButton>
        )
      }
    >
      {query.data === undefined ? (
        query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={2} />
        )
      ) : lines.length === 0 ? (
        <p className="muted">{t('delivery.none')}</p>
      ) : (
        <>
          <p className="muted small">
            {t('delivery.held', { held: formatMoney(held), all: formatMoney(referral.amount_idr) })}
          </p>
          <ol className="deliveries">
            {lines.map((line, at) => (
              <Line key={line.id} line={line} number={at + 1} referral={referral} />
            ))}
          </ol>
        </>
      )}
      {planning && (
        <PlanDelivery referral={referral} left={left} close={() => setPlanning(false)} />
      )}
    </Card>
  );
}

function Line({ line, number, referral }: { line: Delivery; number: number; referral: Referral }) {
  const { t } = useTranslation();
  const channels = useCodes('delivery_channels');
  const proofs = useCodes('delivery_proofs');
  const reasons = useCodes('delivery_failure_reasons');
  const [verb, setVerb] = useState<DeliveryVerb | null>(null);
  const possible = deliveryVerbs.filter((name) => line.can.includes(name));
  const proof = [proofs.name(line.proof_kind), line.proof_reference].filter(Boolean).join(' · ');
  return (
    <li className="delivery" aria-label={t('delivery.line', { number })}>
      <div className="spread">
        <span className="strong">
          {formatDate(line.planned_on)} · {formatMoney(line.amount_idr)}
          {line.quantity !== null && ` · ${formatNumber(line.quantity)} ${line.unit ?? ''}`}
        </span>
        <StatusBadge group="delivery_status" value={line.status} />
      </div>
      {line.attention && (
        <p className="delivery-attention">
          <IconAlertTriangle size={18} aria-hidden="true" />
          {word('delivery_attention', line.attention)}
        </p>
      )}
      <Facts
        items={[
          [t('delivery.payee'), line.payee_name ?? t('board.unnamed')],
          [t('delivery.channel'), channels.name(line.channel)],
          line.decree ? [t('delivery.decree'), line.decree] : null,
          line.received_on ? [t('delivery.received_on'), formatDate(line.received_on)] : null,
          proof ? [t('delivery.proof'), proof] : null,
          line.account_reference ? [t('delivery.report'), line.account_reference] : null,
          line.confirmation
            ? [t('delivery.recipient_says'), word('delivery_confirmation', line.confirmation)]
            : null,
          line.reason_code ? [t('ui.reason'), reasons.name(line.reason_code)] : null,
          line.note ? [t('ui.note'), line.note] : null,
        ]}
      />
      {possible.length > 0 && (
        <div className="row">
          {possible.map((name, at) => (
            <CanButton
              key={name}
              can={line.can}
              action={name}
              size="sm"
              variant={
                at === 0 && !['fail', 'return', 'cancel'].includes(name) ? 'filled' : 'default'
              }
              onClick={() => setVerb(name)}
            >
              {t(`delivery.verb.${name}`)}
              <span className="sp-visually-hidden"> {t('delivery.line', { number })}</span>
            </CanButton>
          ))}
        </div>
      )}
      {possible.length === 0 && line.status === 'planned' && (
        <p className="muted small">{t('delivery.needs_other')}</p>
      )}
      {verb && (
        <DeliveryStep line={line} referral={referral} verb={verb} close={() => setVerb(null)} />
      )}
    </li>
  );
}
