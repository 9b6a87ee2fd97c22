// From a calculated plan to referrals: one proposes, another approves, then it is carried out. What is off says why.
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { CanButton, FormDialog, useAct } from '~/ui/act';
import { formatMoney, formatNumber } from '~/ui/format';
import type { Plan } from './types';

const verbs = ['propose', 'approve', 'execute', 'return', 'cancel'] as const;
type Verb = (typeof verbs)[number];
const needsReason: Verb[] = ['return', 'cancel'];

/** The step that brings a plan on, whoever takes it. */
const onward: Partial<Record<Plan['status'], Verb>> = {
  draft: 'propose',
  proposed: 'approve',
  approved: 'execute',
};

export function PlanActions({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const account = useAccount();
  const [verb, setVerb] = useState<Verb | null>(null);
  const next = onward[plan.status];
  const why = (): string => {
    if (next === 'propose' && plan.what_if) return t('alloc.why.what_if');
    if (next === 'propose' && plan.solved_at === null) return t('alloc.why.calculating');
    if (next === 'approve' && plan.proposed_by === account.id) return t('alloc.why.own');
    if (next === 'approve' || next === 'execute') return t('alloc.why.money_duty');
    return t('can.no_duty');
  };
  // Whoever only reads is not shown what others do.
  const acts = hasRole(account, 'coordinator');
  const shown = verbs.filter((one) => plan.can.includes(one) || (acts && one === next));
  return (
    <>
      {shown.map((one) => (
        <CanButton
          key={one}
          can={plan.can}
          action={one}
          why={why()}
          variant={one === next ? 'filled' : 'default'}
          onClick={() => setVerb(one)}
        >
          {t(`alloc.verb.${one}`)}
        </CanButton>
      ))}
      {verb && <Step plan={plan} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}

function Step({ plan, verb, close }: { plan: Plan; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState('');
  const asks = needsReason.includes(verb);
  function submit() {
    void act
      .run(
        (key) =>
          call(`/allocation-plans/${plan.id}/${verb}`, {
            method: 'POST',
            key,
            etag: `"${plan.version}"`,
            ...(asks ? { body: { reason: reason.trim() } } : {}),
          }),
        t(`alloc.done.${verb}`),
      )
      .then((ok) => ok && close());
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t(`alloc.verb.${verb}`)}
      submitText={t(`alloc.verb.${verb}`)}
      danger={verb === 'cancel'}
      busy={act.busy}
      error={act.error}
      disabled={asks && !reason.trim()}
      onSubmit={submit}
    >
      <p>
        {t(`alloc.lead.${verb}`, {
          lines: formatNumber(plan.counts?.lines ?? 0),
          money: formatMoney(plan.counts?.amount_idr ?? 0),
        })}
      </p>
      {asks && (
        <Textarea
          label={t('ui.reason')}
          required
          autosize
          minRows={3}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
