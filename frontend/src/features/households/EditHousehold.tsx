import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Answer } from '~/api/http';
import type { HouseholdDetail } from '~/api/types';
import { FormDialog } from '~/ui/act';
import { ConflictDialog, type ConflictField, type Flat } from '~/ui/Conflict';
import { fieldErrors } from '~/ui/problem-text';
import { useMergeEdit } from '~/ui/useMergeEdit';
import { flattenHousehold, householdPatch } from './edit-rules';

export function EditHousehold({
  seen,
  close,
}: {
  seen: Answer<HouseholdDetail>;
  close: () => void;
}) {
  const { t } = useTranslation();
  const form = useForm<Record<string, string>>({ initialValues: flattenHousehold(seen.data) });
  const edit = useMergeEdit<HouseholdDetail>({
    path: `/households/${seen.data.id}`,
    seen,
    flatten: flattenHousehold,
    toPatch: householdPatch,
    done: t('household.edit_done'),
    onDone: close,
    onRefused: (error) => form.setErrors(fieldErrors(error)),
  });
  const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  const fields: ConflictField[] = [
    { key: 'street', label: t('household.street'), show: text },
    { key: 'rt', label: t('household.rt'), show: text },
    { key: 'rw', label: t('household.rw'), show: text },
    { key: 'declared_members', label: t('household.declared'), show: text },
    { key: 'note', label: t('household.note'), show: text },
  ];

  if (edit.clash) {
    return (
      <ConflictDialog
        fields={fields}
        base={edit.base}
        mine={edit.clash.mine}
        theirs={edit.clash.theirs}
        busy={edit.busy}
        error={edit.error}
        onKeep={(patch) => void edit.keep(patch)}
        onDiscard={() => void edit.discard()}
      />
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      size="lg"
      title={t('household.edit_title')}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => void edit.save(form.getValues() as Flat)}
    >
      <TextInput label={t('household.street')} {...form.getInputProps('street')} />
      <div className="row" style={{ flexWrap: 'nowrap' }}>
        <TextInput label={t('household.rt')} inputMode="numeric" {...form.getInputProps('rt')} />
        <TextInput label={t('household.rw')} inputMode="numeric" {...form.getInputProps('rw')} />
      </div>
      <TextInput
        label={t('household.declared')}
        inputMode="numeric"
        {...form.getInputProps('declared_members')}
      />
      <Textarea label={t('household.note')} maxLength={2000} {...form.getInputProps('note')} />
    </FormDialog>
  );
}
