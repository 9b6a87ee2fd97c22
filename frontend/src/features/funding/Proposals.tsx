// What waits for a second person: who asked, what for, and the two answers.
import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { FundingProposal, FundingSource } from '~/api/types';
import { word } from '~/i18n';
import { CanButton, FormDialog, useAct } from '~/ui/act';
import { formatInstant } from '~/ui/format';
import { Card } from '~/ui/page';
import { usePage } from '~/ui/useResource';
import { formatAmount } from './money-bits';

export function Proposals({ source }: { source: FundingSource }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ proposal: FundingProposal; verb: Verb } | null>(null);
  const query = usePage<FundingProposal>('/funding-proposals', {
    funding_source_id: source.id,
    status: 'proposed',
    limit: 50,
  });
  const rows = query.data?.data ?? [];
  if (rows.length === 0) return null;
  return (
    <Card title={t('money.proposals')}>
      <ul className="plain-list stack">
        {rows.map((proposal) => (
          <li key={proposal.id} className="spread">
            <div>
              <span className="strong">{word('ledger_kind', proposal.kind)}</span>{' '}
              {proposal.amount !== null && formatAmount(proposal.amount, proposal.unit)}
              {proposal.rest && (
                <span className="muted">
                  {' '}
                  · {t('money.rest')}: {t(`money.rest_${proposal.rest}`).toLowerCase()}
                </span>
              )}
              <div className="muted">
                {t('money.proposed_by', {
                  name: proposal.proposed_by_name,
                  when: formatInstant(proposal.proposed_at),
                })}
                {(proposal.reference || proposal.reason) &&
                  ` · ${proposal.reference || proposal.reason}`}
              </div>
            </div>
            {proposal.can.length > 0 && (
              <div className="row">
                <CanButton
                  can={proposal.can}
                  action="approve"
                  why={t('money.own')}
                  onClick={() => setAsked({ proposal, verb: 'approve' })}
                >
                  {t('money.approve')}
                </CanButton>
                <Button variant="default" onClick={() => setAsked({ proposal, verb: 'reject' })}>
                  {t('money.reject')}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {asked && <Decide {...asked} close={() => setAsked(null)} />}
    </Card>
  );
}

type Verb = 'approve' | 'reject';

function Decide(props: { proposal: FundingProposal; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const act = useAct();
  const { proposal, verb } = props;
  const submit = () =>
    act
      .run(
        (key) =>
          call(`/funding-proposals/${proposal.id}/${verb}`, {
            method: 'POST',
            body: verb === 'reject' ? { reason: reason.trim() } : undefined,
            key,
          }),
        t(`money.${verb}_done`),
      )
      .then((ok) => ok && props.close());
  return (
    <FormDialog
      opened
      close={props.close}
      title={`${t(`money.${verb}`)}: ${word('ledger_kind', proposal.kind)}`}
      submitText={t(`money.${verb}`)}
      danger={verb === 'reject'}
      busy={act.busy}
      error={act.error}
      disabled={verb === 'reject' && !reason.trim()}
      onSubmit={() => void submit()}
    >
      {verb === 'approve' ? (
        <p>{t('money.approve_lead')}</p>
      ) : (
        <Textarea
          label={t('ui.reason')}
          required
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
