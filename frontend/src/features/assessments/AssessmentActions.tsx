// Steps of an assessment. What the server allows stands in `can`; what each does is said before.
import { Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Assessment } from '~/api/forms';
import { type Answer, call } from '~/api/http';
import { ApiProblem } from '~/api/problem';
import { useCodes } from '~/api/reference';
import { useAccount } from '~/app/account';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { formatDate } from '~/ui/format';

const later = ['countersign', 'return', 'amend'] as const;
type Verb = (typeof later)[number] | 'discard';

export function AssessmentActions({ seen }: { seen: Answer<Assessment> }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<Verb | null>(null);
  const { can } = seen.data;
  const possible = later.filter((name) => allowed(can, name));
  return (
    <>
      {possible.map((name, at) => (
        <CanButton
          key={name}
          can={can}
          action={name}
          variant={at === 0 ? 'filled' : 'default'}
          onClick={() => setVerb(name)}
        >
          {t(`assessments.${name}`)}
        </CanButton>
      ))}
      {verb && <Step seen={seen} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}

export function DiscardButton({ seen }: { seen: Answer<Assessment> }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  if (!allowed(seen.data.can, 'discard')) return null;
  return (
    <>
      <CanButton
        can={seen.data.can}
        action="discard"
        variant="default"
        onClick={() => setAsking(true)}
      >
        {t('assessments.discard')}
      </CanButton>
      {asking && <Step seen={seen} verb="discard" close={() => setAsking(false)} />}
    </>
  );
}

function Step({ seen, verb, close }: { seen: Answer<Assessment>; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const act = useAct();
  const [reason, setReason] = useState('');
  const { id, household_id } = seen.data;
  const asks = verb === 'return';
  function submit() {
    void act.run(
      async (key) => {
        // Signed for what was read here: a version that moved on is refused.
        const answer = await call<Assessment>(`/assessments/${id}/${verb}`, {
          method: 'POST',
          body: asks ? { reason: reason.trim() } : undefined,
          key,
          etag: seen.etag,
        });
        close();
        if (verb === 'amend') void navigate({ to: `/assessments/${answer.data.id}` });
        if (verb === 'discard') {
          void navigate({
            to: `/households/${household_id}`,
            search: { tab: 'assessments' } as never,
          });
        }
      },
      t(`assessments.${verb}_done`),
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t(`assessments.${verb}_title`)}
      submitText={t(`assessments.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={verb === 'discard'}
      disabled={asks && !reason.trim()}
      onSubmit={submit}
    >
      <p>{t(`assessments.${verb}_lead`)}</p>
      {asks && (
        <Textarea
          label={t('ui.reason')}
          required
          autosize
          minRows={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}

interface SignProps {
  assessment: Assessment;
  /** Findings that were not taken up. */
  left: number;
  /** Sends what waits and says what the server has then; null where it could not be sent. */
  ready: () => Promise<Answer<Assessment> | null>;
  refused: (problem: ApiProblem) => void;
}

export function SignButton({ assessment, left, ready, refused }: SignProps) {
  const { t } = useTranslation();
  const account = useAccount();
  const needs = useCodes('needs');
  const act = useAct();
  const [asking, setAsking] = useState(false);
  const [unsaved, setUnsaved] = useState(false);
  const until = account.str_valid_until as string | null | undefined;
  const why = until
    ? t('assessments.str_expired', { date: formatDate(until) })
    : t('assessments.str_missing');

  async function open() {
    setUnsaved(false);
    if (await ready()) setAsking(true);
    else setUnsaved(true);
  }
  function sign() {
    void act.run(async (key) => {
      const now = await ready();
      if (!now) {
        setAsking(false);
        setUnsaved(true);
        return;
      }
      try {
        await call(`/assessments/${assessment.id}/sign`, { method: 'POST', key, etag: now.etag });
        setAsking(false);
      } catch (error) {
        // What is open is shown beside its question, not in this dialog.
        if (error instanceof ApiProblem && error.errors.length > 0) {
          setAsking(false);
          refused(error);
          return;
        }
        throw error;
      }
    });
  }
  return (
    <>
      <CanButton can={assessment.can} action="sign" why={why} onClick={() => void open()}>
        {t('assessments.sign')}
      </CanButton>
      {!allowed(assessment.can, 'sign') && <p className="warn-text">{why}</p>}
      {unsaved && (
        <p className="warn-text" role="alert">
          {t('assessments.sign_unsaved')}
        </p>
      )}
      {/* Taken away at once: a closing dialog would draw the focus back from what was refused. */}
      {asking && (
        <FormDialog
          opened
          close={() => setAsking(false)}
          title={t('assessments.sign_title')}
          submitText={t('assessments.sign')}
          busy={act.busy}
          error={act.error}
          onSubmit={sign}
        >
          <p>{t('assessments.sign_locks')}</p>
          <p>
            {t(
              assessment.kind === 'assessment'
                ? 'assessments.sign_waits'
                : 'assessments.sign_screening',
            )}
          </p>
          {assessment.recommended.length === 0 ? (
            <p>{t('assessments.sign_no_needs')}</p>
          ) : (
            <div>
              <p>{t('assessments.sign_needs')}</p>
              <ul>
                {assessment.recommended.map((one) => (
                  <li key={`${one.need_code} ${one.ppks_code ?? ''}`}>
                    {needs.name(one.need_code)}
                  </li>
                ))}
              </ul>
            </div>
          )}
          {left > 0 && <p className="warn-text">{t('assessments.sign_left', { n: left })}</p>}
        </FormDialog>
      )}
    </>
  );
}
