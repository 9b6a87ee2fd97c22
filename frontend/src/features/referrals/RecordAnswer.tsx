// The answer of a receiver without an account, recorded on its behalf with what shows it.
import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Evidence, Referral } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';
import { officeToday } from '~/ui/format';
import { fieldErrors } from '~/ui/problem-text';
import { usePage } from '~/ui/useResource';

const NEW = 'new';

export function RecordAnswer({ referral, close }: { referral: Referral; close: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const act = useAct();
  const reasons = useCodes('referral_decline_reasons');
  const evidence = `/problems/${referral.problem_id}/evidence`;
  const files = usePage<Evidence>(evidence, { limit: 50 }).data?.data ?? [];
  const [file, setFile] = useState<File | null>(null);
  const form = useForm<Record<string, string>>({
    initialValues: {
      answer: '',
      reason_code: '',
      channel: '',
      answered_by: '',
      answered_on: officeToday(),
      evidence_id: NEW,
      note: '',
    },
    validate: {
      answer: (value) => (value ? null : t('ui.required')),
      channel: (value) => (value ? null : t('ui.required')),
      answered_by: (value) => (value?.trim() ? null : t('ui.required')),
      answered_on: (value) => (value ? null : t('ui.required')),
      reason_code: (value, all) => (all.answer === 'decline' && !value ? t('ui.required') : null),
      evidence_id: (value) => (value === NEW && !file ? t('ui.required') : null),
    },
  });
  const values = form.getValues();

  function submit() {
    if (form.validate().hasErrors) return;
    void act.run(async (key) => {
      try {
        let proof = values.evidence_id;
        if (proof === NEW && file) {
          const upload = new FormData();
          upload.append('file', file, file.name);
          const kept = await call<Evidence>(evidence, {
            method: 'POST',
            form: upload,
            key: `${key}-file`,
          });
          proof = kept.data.id;
        }
        const current = await call<Referral>(`/referrals/${referral.id}`);
        await call(`/referrals/${referral.id}/record-answer`, {
          method: 'POST',
          key,
          etag: current.etag,
          body: {
            answer: values.answer,
            channel: values.channel,
            answered_by: values.answered_by?.trim(),
            answered_on: values.answered_on,
            evidence_id: proof,
            ...(values.answer === 'decline' ? { reason_code: values.reason_code } : {}),
            ...(values.note?.trim() ? { note: values.note.trim() } : {}),
          },
        });
        close();
      } catch (failure) {
        const errors = fieldErrors(failure);
        form.setErrors(errors.file ? { ...errors, evidence_id: errors.file } : errors);
        throw failure;
      }
    }, t('receivers.recorded'));
  }
  const choices = (names: readonly string[], group: 'answer' | 'channel') =>
    names.map((value) => ({
      value,
      label: t(`receivers.${group}_${value}` as 'receivers.answer'),
    }));
  return (
    <FormDialog
      opened
      close={close}
      title={t('receivers.record_title')}
      submitText={t('receivers.record')}
      danger={values.answer === 'decline'}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <p>{t('receivers.record_lead')}</p>
      <PickSelect
        label={t('receivers.answer')}
        required
        options={choices(['accept', 'decline'], 'answer')}
        {...form.getInputProps('answer')}
      />
      {values.answer === 'decline' && (
        <PickSelect
          label={t('ui.reason')}
          required
          options={reasons.options}
          {...form.getInputProps('reason_code')}
        />
      )}
      <PickSelect
        label={t('receivers.channel')}
        required
        options={choices(['letter', 'phone', 'email', 'visit'], 'channel')}
        {...form.getInputProps('channel')}
      />
      <TextInput
        label={t('receivers.answered_by')}
        required
        maxLength={120}
        {...form.getInputProps('answered_by')}
      />
      <DateInput
        label={t('receivers.answered_on')}
        required
        max={officeToday()}
        {...form.getInputProps('answered_on')}
      />
      <PickSelect
        label={t('receivers.evidence')}
        description={t('receivers.evidence_hint')}
        required
        options={[
          { value: NEW, label: t('receivers.evidence_new') },
          ...files.map((item) => ({ value: item.id, label: item.caption || item.name })),
        ]}
        {...form.getInputProps('evidence_id')}
      />
      {values.evidence_id === NEW && (
        <div className="file-drop">
          <input
            id={id}
            type="file"
            className="sp-visually-hidden"
            accept="image/jpeg,image/png,image/webp,application/pdf"
            onChange={(event) => {
              setFile(event.currentTarget.files?.[0] ?? null);
              form.clearFieldError('evidence_id');
            }}
          />
          <label htmlFor={id} className="file-button">
            {t('receivers.evidence_file')}
          </label>
          {file && <p className="muted small wrap-any">{file.name}</p>}
        </div>
      )}
      <Textarea
        label={`${t('ui.note')} (${t('ui.optional')})`}
        maxLength={1000}
        {...form.getInputProps('note')}
      />
    </FormDialog>
  );
}
