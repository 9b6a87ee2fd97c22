import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Referral } from '~/api/types';
import { CanButton, FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';
import { isEnded, offered, refusing, type Verb } from './referral-verbs';

const codeLists: Partial<Record<Verb, string>> = {
  decline: 'referral_decline_reasons',
  return: 'referral_return_reasons',
  cancel: 'referral_cancel_reasons',
  complete: 'referral_outcomes',
};

export function ReferralActions({ referral }: { referral: Referral }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<Verb | null>(null);
  return (
    <>
      <ReferralVerbs referral={referral} onChoose={setVerb} />
      {verb && <Transition referral={referral} verb={verb} close={() => setVerb(null)} />}
      {isEnded(referral.status) && <p className="muted small">{t('can.closed')}</p>}
    </>
  );
}

/** The buttons alone; one that is off says whose step it is. */
export function ReferralVerbs({
  referral,
  onChoose,
  keys,
  most,
}: {
  referral: Referral;
  onChoose: (verb: Verb) => void;
  /** Letters that do the same. */
  keys?: Partial<Record<Verb, string>>;
  /** Only the first so many: a card shows the step onward, the record shows all. */
  most?: number;
}) {
  const { t } = useTranslation();
  return offered(referral)
    .slice(0, most)
    .map(({ verb, why }, at) => (
      <CanButton
        key={verb}
        can={referral.can}
        action={verb}
        why={why && t(`referrals.why.${why}`)}
        variant={at === 0 && !refusing.includes(verb) ? 'filled' : 'default'}
        onClick={() => onChoose(verb)}
        {...(keys?.[verb] ? { rightSection: <kbd className="key">{keys[verb]}</kbd> } : {})}
      >
        {t(verbWord(referral, verb))}
      </CanButton>
    ));
}

/** A returned referral is sent again, a draft for the first time. */
function verbWord(referral: Referral, verb: Verb) {
  if (verb !== 'send') return `referrals.${verb}` as const;
  return referral.status === 'returned' ? 'referrals.resend' : 'referrals.send';
}

export function Transition({
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
