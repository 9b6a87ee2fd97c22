import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { Program } from '~/api/types';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';
import { fieldErrors } from '~/ui/problem-text';

export function AddCycle({ program, close }: { program: Program; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const year = new Date().getFullYear();
  const required = (value: string | undefined) => (value?.trim() ? null : t('ui.required'));
  const form = useForm<Record<string, string>>({
    initialValues: {
      name: String(year),
      starts_on: `${year}-01-01`,
      ends_on: `${year}-12-31`,
      seat_kind: 'stock',
      seats: '',
    },
    validate: {
      name: required,
      starts_on: required,
      ends_on: (value, all) =>
        required(value) ??
        ((value ?? '') < (all.starts_on ?? '') ? t('programs.ends_before') : null),
      seats: (value) => (/^\d+$/.test(value ?? '') ? null : t('ui.required')),
    },
  });
  async function submit() {
    if (form.validate().hasErrors) return;
    const { seats, ...rest } = form.getValues();
    await act.run(async (key) => {
      try {
        await call(`/programs/${program.id}/cycles`, {
          method: 'POST',
          body: { ...rest, seats: Number(seats) },
          key,
        });
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
      close();
    }, t('programs.cycle_done'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('programs.add_cycle')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      <TextInput label={t('programs.cycle_name')} required {...form.getInputProps('name')} />
      <DateInput label={t('programs.starts')} required {...form.getInputProps('starts_on')} />
      <DateInput label={t('programs.ends')} required {...form.getInputProps('ends_on')} />
      <PickSelect
        label={t('programs.seat_kind')}
        required
        options={['stock', 'capacity', 'batch'].map((value) => ({
          value,
          label: word('seat_kind', value),
        }))}
        {...form.getInputProps('seat_kind')}
      />
      <TextInput
        label={t('programs.seats')}
        required
        inputMode="numeric"
        {...form.getInputProps('seats')}
      />
    </FormDialog>
  );
}
