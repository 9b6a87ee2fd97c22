import { Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { HouseholdDetail } from '~/api/types';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';
import { fieldErrors } from '~/ui/problem-text';
import { Notice } from '~/ui/states';

export function ReportProblem({
  household,
  close,
}: {
  household: HouseholdDetail;
  close: () => void;
}) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const ppks = useCodes('ppks_types');
  const act = useAct();
  const required = (value: string | undefined) => (value ? null : t('ui.required'));
  const form = useForm<Record<string, string>>({
    initialValues: {
      subject: household.id,
      need_code: '',
      ppks_code: '',
      severity: 'medium',
      onset_date: '',
      description: '',
    },
    validate: { need_code: required, severity: required },
  });
  const values = form.getValues();
  const restricted =
    needs.entries.find((entry) => entry.code === values.need_code)?.sensitivity === 'restricted' ||
    ppks.entries.find((entry) => entry.code === values.ppks_code)?.sensitivity === 'restricted';

  async function submit() {
    if (form.validate().hasErrors) return;
    const { subject, ...rest } = form.getValues();
    const body = {
      subject: { kind: subject === household.id ? 'household' : 'individual', id: subject },
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value)),
    };
    await act.run(async (key) => {
      try {
        await call('/problems', { method: 'POST', body, key });
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
      close();
    }, t('problems.report_done'));
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t('problems.report')}
      submitText={t('problems.report')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      <PickSelect
        label={t('problems.subject')}
        required
        options={[
          { value: household.id, label: t('problems.subject_household') },
          ...household.members
            .filter((person) => person.life_status === 'alive')
            .map((person) => ({ value: person.id, label: person.name ?? '' })),
        ]}
        {...form.getInputProps('subject')}
      />
      <PickSelect
        label={t('problems.need')}
        required
        options={needs.options}
        {...form.getInputProps('need_code')}
      />
      <PickSelect
        label={`${t('problems.ppks')} (${t('ui.optional')})`}
        options={ppks.options}
        {...form.getInputProps('ppks_code')}
      />
      {restricted && <Notice tone="warn" title={t('problems.restricted_hint')} />}
      <PickSelect
        label={t('problems.severity')}
        required
        options={['emergency', 'high', 'medium', 'low'].map((value) => ({
          value,
          label: word('severity', value),
        }))}
        {...form.getInputProps('severity')}
      />
      <DateInput
        label={`${t('problems.onset')} (${t('ui.optional')})`}
        max={new Date().toISOString().slice(0, 10)}
        {...form.getInputProps('onset_date')}
      />
      <Textarea
        label={`${t('problems.description')} (${t('ui.optional')})`}
        description={t('problems.description_hint')}
        maxLength={2000}
        {...form.getInputProps('description')}
      />
    </FormDialog>
  );
}
