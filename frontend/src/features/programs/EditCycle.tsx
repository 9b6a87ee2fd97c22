import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Cycle } from '~/api/types';
import { word } from '~/i18n';
import { FormDialog } from '~/ui/act';
import { ConflictDialog, type Flat } from '~/ui/Conflict';
import { DateInput, PickSelect } from '~/ui/fields';
import { formatDate } from '~/ui/format';
import { fieldErrors } from '~/ui/problem-text';
import { Loading, ProblemState } from '~/ui/states';
import { useMergeEdit } from '~/ui/useMergeEdit';
import { useResource } from '~/ui/useResource';

const flatten = (cycle: Cycle): Record<string, string> => ({
  name: cycle.name,
  starts_on: cycle.starts_on,
  ends_on: cycle.ends_on,
  seats: String(cycle.seats),
  status: cycle.status,
});

const toPatch = (fields: Flat) =>
  'seats' in fields ? { ...fields, seats: Number(fields.seats) } : fields;

export function EditCycle({ cycle, close }: { cycle: Cycle; close: () => void }) {
  const { t } = useTranslation();
  const path = `/programs/${cycle.program_id}/cycles/${cycle.id}`;
  const query = useResource<Cycle>(['cycle', cycle.id], path);
  if (query.data) return <Form key={cycle.id} path={path} seen={query.data} close={close} />;
  return (
    <FormDialog
      opened
      close={close}
      title={t('programs.edit_cycle')}
      submitText={t('ui.save')}
      busy={false}
      disabled
      onSubmit={close}
    >
      {query.isError ? <ProblemState error={query.error} /> : <Loading lines={4} />}
    </FormDialog>
  );
}

type Seen = NonNullable<ReturnType<typeof useResource<Cycle>>['data']>;

function Form({ path, seen: latest, close }: { path: string; seen: Seen; close: () => void }) {
  const { t } = useTranslation();
  const form = useForm<Record<string, string>>({
    initialValues: flatten(latest.data),
    validate: {
      name: (value) => (value?.trim() ? null : t('ui.required')),
      ends_on: (value, all) =>
        (value ?? '') < (all.starts_on ?? '') ? t('programs.ends_before') : null,
      seats: (value) => {
        if (!/^\d+$/.test(value ?? '')) return t('ui.required');
        const taken = latest.data.seats_taken ?? 0;
        return Number(value) < taken ? t('programs.seats_too_few', { taken }) : null;
      },
    },
  });
  const edit = useMergeEdit<Cycle>({
    path,
    seen: latest,
    flatten,
    toPatch,
    done: t('programs.cycle_saved'),
    onDone: close,
    onRefused: (error) => form.setErrors(fieldErrors(error)),
  });
  const show = (value: unknown) => String(value ?? '');
  const day = (value: unknown) => formatDate(show(value));
  if (edit.clash) {
    return (
      <ConflictDialog
        fields={[
          { key: 'name', label: t('programs.cycle_name'), show },
          { key: 'starts_on', label: t('programs.starts'), show: day },
          { key: 'ends_on', label: t('programs.ends'), show: day },
          { key: 'seats', label: t('programs.seats'), show },
          {
            key: 'status',
            label: t('ui.status'),
            show: (value) => word('cycle_status', show(value)),
          },
        ]}
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
  const fixed = (latest.data.seats_taken ?? 0) > 0;
  return (
    <FormDialog
      opened
      close={close}
      title={t('programs.edit_cycle')}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => {
        if (!form.validate().hasErrors) void edit.save(form.getValues() as Flat);
      }}
    >
      <TextInput label={t('programs.cycle_name')} required {...form.getInputProps('name')} />
      <DateInput
        label={t('programs.starts')}
        required
        disabled={fixed}
        {...form.getInputProps('starts_on')}
      />
      <DateInput
        label={t('programs.ends')}
        required
        disabled={fixed}
        {...(fixed ? { description: t('programs.dates_fixed') } : {})}
        {...form.getInputProps('ends_on')}
      />
      <TextInput
        label={t('programs.seats')}
        required
        inputMode="numeric"
        {...form.getInputProps('seats')}
      />
      <PickSelect
        label={t('ui.status')}
        required
        options={['open', 'closed'].map((value) => ({
          value,
          label: word('cycle_status', value),
        }))}
        {...form.getInputProps('status')}
      />
    </FormDialog>
  );
}
