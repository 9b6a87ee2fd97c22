import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Referral } from '~/api/types';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';

const verbs = [
  'accept',
  'schedule',
  'start',
  'complete',
  'send',
  'return',
  'decline',
  'cancel',
] as const;
type Verb = (typeof verbs)[number];

const codeLists: Partial<Record<Verb, string>> = {
  decline: 'referral_decline_reasons',
  return: 'referral_return_reasons',
  cancel: 'referral_cancel_reasons',
  complete: 'referral_outcomes',
};
const refusing: Verb[] = ['decline', 'return', 'cancel'];

export function ReferralActions({ referral }: { referral: Referral }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<Verb | null>(null);
  const possible = verbs.filter((name) => allowed(referral.can, name));
  if (possible.length === 0) {
    const over = ['completed', 'declined', 'cancelled', 'expired'].includes(referral.status);
    return <p className="muted small">{t(over ? 'can.closed' : 'can.no_duty')}</p>;
  }
  return (
    <>
      {possible.map((name, at) => (
        <CanButton
          key={name}
          can={referral.can}
          action={name}
          variant={at === 0 && !refusing.includes(name) ? 'filled' : 'default'}
          onClick={() => setVerb(name)}
        >
          {t(verbWord(referral, name))}
        </CanButton>
      ))}
      {verb && <Transition referral={referral} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}

/** A returned referral is sent again, a draft for the first time. */
function verbWord(referral: Referral, verb: Verb) {
  if (verb !== 'send') return `referrals.${verb}` as const;
  return referral.status === 'returned' ? 'referrals.resend' : 'referrals.send';
}

function Transition({
  referral,
  verb,
  close,
}: {
  referral: Referral;
  verb: Verb;
  close: () => void;
}) {
  const { t } = useTranslation();
  const list = codeLists[verb];
  const codes = useCodes(list ?? 'referral_outcomes');
  const [code, setCode] = useState('');
  const [date, setDate] = useState('');
  const [note, setNote] = useState('');
  const act = useAct();
  const field = verb === 'complete' ? 'outcome_code' : 'reason_code';
  const missing = (list !== undefined && !code) || (verb === 'schedule' && !date);
  const lead =
    verb === 'accept' || verb === 'decline' || verb === 'complete'
      ? t(`referrals.${verb}_lead`)
      : verb === 'send'
        ? t('referrals.send_lead')
        : '';

  function submit() {
    const body = {
      ...(list ? { [field]: code } : {}),
      ...(verb === 'schedule' ? { scheduled_on: date } : {}),
      ...(note.trim() ? { note: note.trim() } : {}),
    };
    void act.run(
      async (key) => {
        const current = await call<Referral>(`/referrals/${referral.id}`);
        await call(`/referrals/${referral.id}/${verb}`, {
          method: 'POST',
          body,
          key,
          etag: current.etag,
        });
        close();
      },
      t(`referrals.${verb}_done`),
    );
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t(verbWord(referral, verb))}
      submitText={t(verbWord(referral, verb))}
      danger={refusing.includes(verb)}
      disabled={missing}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      {lead && <p>{lead}</p>}
      {list && (
        <PickSelect
          label={t(verb === 'complete' ? 'referrals.outcome' : 'ui.reason')}
          required
          options={codes.options}
          value={code}
          onChange={setCode}
        />
      )}
      {verb === 'schedule' && (
        <DateInput
          label={t('referrals.scheduled_on')}
          required
          value={date}
          min={new Date().toISOString().slice(0, 10)}
          onChange={setDate}
        />
      )}
      <Textarea
        label={`${t('ui.note')} (${t('ui.optional')})`}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
