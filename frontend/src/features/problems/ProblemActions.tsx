// Verify, dismiss, resolve: what the server allows stands in `can`.
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Problem } from '~/api/types';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';

type Verb = 'confirm' | 'verify' | 'dismiss' | 'resolve';

export function ProblemActions({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<Verb | null>(null);
  const waiting = problem.status === 'reported';
  return (
    <>
      {allowed(problem.can, 'confirm') && (
        <CanButton can={problem.can} action="confirm" onClick={() => setVerb('confirm')}>
          {t('problems.confirm')}
        </CanButton>
      )}
      {(waiting || allowed(problem.can, 'verify')) && (
        <CanButton
          can={problem.can}
          action="verify"
          why={t('can.own_report')}
          onClick={() => setVerb('verify')}
        >
          {t('problems.verify')}
        </CanButton>
      )}
      {allowed(problem.can, 'dismiss') && (
        <CanButton
          can={problem.can}
          action="dismiss"
          variant="default"
          onClick={() => setVerb('dismiss')}
        >
          {t('problems.dismiss')}
        </CanButton>
      )}
      {allowed(problem.can, 'resolve') && (
        <CanButton
          can={problem.can}
          action="resolve"
          variant="default"
          onClick={() => setVerb('resolve')}
        >
          {t('problems.resolve')}
        </CanButton>
      )}
      {verb && <Transition problem={problem} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}

function Transition({ problem, verb, close }: { problem: Problem; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const reasons = useCodes('problem_dismiss_reasons');
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const act = useAct();
  const needsReason = verb === 'dismiss';
  function submit() {
    const reasoned = verb === 'resolve' && note.trim() ? { reason: note.trim() } : {};
    const body =
      verb === 'dismiss' ? { reason_code: reason } : verb === 'resolve' ? reasoned : undefined;
    void act.run(
      async (key) => {
        // The newest version: what the list showed may have moved on.
        const current = await call<Problem>(`/problems/${problem.id}`);
        await call(`/problems/${problem.id}/${verb}`, {
          method: 'POST',
          body,
          key,
          etag: current.etag,
        });
        close();
      },
      t(`problems.${verb}_done`),
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      title={verb === 'verify' ? t('problems.verify_title') : t(`problems.${verb}`)}
      submitText={t(`problems.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={needsReason}
      disabled={needsReason && !reason}
      onSubmit={submit}
    >
      {(verb === 'verify' || verb === 'confirm') && <p>{t(`problems.${verb}_lead`)}</p>}
      {needsReason && (
        <PickSelect
          label={t('ui.reason')}
          required
          options={reasons.options}
          value={reason}
          onChange={setReason}
        />
      )}
      {verb === 'resolve' && (
        <Textarea
          label={`${t('ui.note')} (${t('ui.optional')})`}
          value={note}
          maxLength={1000}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
