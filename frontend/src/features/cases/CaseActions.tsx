// Steps of a case. What the server allows stands in `can` and `next_stages`.
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import { word } from '~/i18n';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import type { CaseRecord } from './types';

type Verb = 'suspend' | 'resume' | 'transfer' | 'reopen';
const verbs: Verb[] = ['suspend', 'resume', 'transfer', 'reopen'];

export function CaseActions({ record }: { record: CaseRecord }) {
  const { t } = useTranslation();
  const [stage, setStage] = useState<string | null>(null);
  const [verb, setVerb] = useState<Verb | null>(null);
  return (
    <>
      {record.next_stages.map((to, place) => (
        <CanButton
          key={to}
          can={record.can}
          action="advance"
          variant={place === 0 ? 'filled' : 'default'}
          onClick={() => setStage(to)}
        >
          {t('cases.to_stage', { stage: word('case_stage', to) })}
        </CanButton>
      ))}
      {verbs
        .filter((name) => allowed(record.can, name))
        .map((name) => (
          <CanButton
            key={name}
            can={record.can}
            action={name}
            variant="default"
            onClick={() => setVerb(name)}
          >
            {t(`cases.${name}`)}
          </CanButton>
        ))}
      {stage && <Advance record={record} to={stage} close={() => setStage(null)} />}
      {verb && <Reasoned record={record} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}

/** The newest version: what the screen shows may have moved on. */
export async function onCase(id: string, verb: string, body: unknown, key?: string) {
  const current = await call<CaseRecord>(`/cases/${id}`);
  return call(`/cases/${id}/${verb}`, { method: 'POST', body, etag: current.etag, key });
}

function Advance({ record, to, close }: { record: CaseRecord; to: string; close: () => void }) {
  const { t } = useTranslation();
  const outcomes = useCodes('case_outcomes');
  const act = useAct();
  const [outcome, setOutcome] = useState('');
  const [note, setNote] = useState('');
  const ends = to === 'terminated';
  return (
    <FormDialog
      opened
      close={close}
      title={t('cases.to_stage', { stage: word('case_stage', to) })}
      submitText={t('cases.advance')}
      busy={act.busy}
      error={act.error}
      disabled={ends && !outcome}
      onSubmit={() =>
        void act.run(
          async (key) => {
            const body = {
              to,
              ...(outcome ? { outcome_code: outcome } : {}),
              ...(note.trim() ? { note: note.trim() } : {}),
            };
            await onCase(record.id, 'advance', body, key);
            close();
          },
          t('cases.advanced', { stage: word('case_stage', to) }),
        )
      }
    >
      <p>{word('case_stage_needs', to)}</p>
      {ends && (
        <PickSelect
          label={t('cases.outcome')}
          required
          options={outcomes.options}
          value={outcome}
          onChange={setOutcome}
        />
      )}
      <Textarea
        label={`${t('ui.note')} (${t('ui.optional')})`}
        value={note}
        maxLength={2000}
        autosize
        minRows={2}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function Reasoned({ record, verb, close }: { record: CaseRecord; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState('');
  const asks = verb !== 'resume';
  return (
    <FormDialog
      opened
      close={close}
      title={t(`cases.${verb}`)}
      submitText={t(`cases.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={verb === 'transfer'}
      disabled={asks && !reason.trim()}
      onSubmit={() =>
        void act.run(async (key) => {
          await onCase(record.id, verb, asks ? { reason: reason.trim() } : undefined, key);
          close();
        }, t('cases.saved'))
      }
    >
      <p>{t(`cases.${verb}_lead`)}</p>
      {asks && (
        <Textarea
          label={t('ui.reason')}
          required
          value={reason}
          maxLength={2000}
          autosize
          minRows={2}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
