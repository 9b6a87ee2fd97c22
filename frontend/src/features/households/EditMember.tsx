import { TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { HouseholdDetail, Individual } from '~/api/types';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { ConflictDialog, type ConflictField } from '~/ui/Conflict';
import { isLikely } from '~/ui/entry';
import { DateInput, PickSelect } from '~/ui/fields';
import { formatDate } from '~/ui/format';
import { fieldErrors } from '~/ui/problem-text';
import { Loading } from '~/ui/states';
import { useMergeEdit } from '~/ui/useMergeEdit';
import { useResource } from '~/ui/useResource';
import { flattenPerson, personPatch } from './edit-rules';
import { Beside, useSameness } from './Sameness';

/** What tells one person from another. */
const identity = ['name', 'nik', 'sex', 'birth_date', 'mother_name'];
/** With somebody who looks alike beside it. */
const WIDE = '68rem';

type Form = UseFormReturnType<Record<string, string>>;

function useSexes() {
  return ['male', 'female'].map((value) => ({ value, label: word('sex', value) }));
}

function PersonFields({ form }: { form: Form }) {
  const { t } = useTranslation();
  const relations = useCodes('relation');
  const marital = useCodes('marital_status');
  const sexes = useSexes();
  return (
    <>
      <TextInput
        label={t('individual.name')}
        required
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <PickSelect label={t('individual.sex')} options={sexes} {...form.getInputProps('sex')} />
      <DateInput label={t('individual.birth_date')} {...form.getInputProps('birth_date')} />
      <PickSelect
        label={t('individual.relation')}
        options={relations.options}
        {...form.getInputProps('relation')}
      />
      <PickSelect
        label={t('individual.marital')}
        options={marital.options}
        {...form.getInputProps('marital_status')}
      />
      <TextInput
        label={t('individual.mother')}
        autoComplete="off"
        {...form.getInputProps('mother_name')}
      />
      <TextInput
        label={t('individual.phone')}
        type="tel"
        autoComplete="off"
        {...form.getInputProps('phone')}
      />
    </>
  );
}

export function EditMember({ id, close }: { id: string; close: () => void }) {
  // The list of members has no ETag of each; the form starts from the newest version of this one.
  const query = useResource<Individual>(['individuals', id], `/individuals/${id}`);
  const [seen, setSeen] = useState<Answer<Individual> | null>(null);
  if (!seen && query.data && !query.isFetching) setSeen(query.data);
  if (!seen) return <Loading lines={2} />;
  return <EditLoaded seen={seen} close={close} />;
}

function EditLoaded({ seen, close }: { seen: Answer<Individual>; close: () => void }) {
  const { t } = useTranslation();
  const relations = useCodes('relation');
  const marital = useCodes('marital_status');
  const form = useForm<Record<string, string>>({ initialValues: flattenPerson(seen.data) });
  // Only what tells one person from another is compared again, and only once it has changed.
  const touched = identity.some((key) => form.isDirty(key));
  const sameness = useSameness(
    {
      ...form.getValues(),
      household_id: seen.data.household_id ?? '',
      individual_id: seen.data.id,
    },
    touched,
  );
  const edit = useMergeEdit<Individual>({
    path: `/individuals/${seen.data.id}`,
    seen,
    flatten: flattenPerson,
    toPatch: (fields) => ({ ...personPatch(fields), ...sameness.confirmed() }),
    done: t('ui.saved'),
    onDone: close,
    onRefused: (error) => {
      sameness.refused(error);
      form.setErrors(fieldErrors(error));
    },
  });
  if (edit.clash) {
    const text = (value: unknown) => String(value ?? '');
    const fields: ConflictField[] = [
      { key: 'name', label: t('individual.name'), show: text },
      { key: 'sex', label: t('individual.sex'), show: (value) => word('sex', text(value)) },
      {
        key: 'birth_date',
        label: t('individual.birth_date'),
        show: (value) => (value ? formatDate(text(value)) : ''),
      },
      {
        key: 'relation',
        label: t('individual.relation'),
        show: (value) => relations.name(text(value)),
      },
      {
        key: 'marital_status',
        label: t('individual.marital'),
        show: (value) => marital.name(text(value)),
      },
      { key: 'mother_name', label: t('individual.mother'), show: text },
      { key: 'phone', label: t('individual.phone'), show: text },
    ];
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
      title={t('individual.edit_title', { name: seen.data.name ?? '' })}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={isLikely(edit.error) ? null : edit.error}
      {...(sameness.people.length > 0 ? { size: WIDE } : {})}
      onSubmit={() => void edit.save(form.getValues())}
    >
      <Beside sameness={sameness} entered={form.getValues()} close={close}>
        <PersonFields form={form} />
      </Beside>
    </FormDialog>
  );
}

export function AddMember({ household, close }: { household: HouseholdDetail; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const form = useForm<Record<string, string>>({
    initialValues: {
      name: '',
      nik: '',
      sex: '',
      birth_date: '',
      relation: '',
      marital_status: '',
      mother_name: '',
      phone: '',
    },
    validate: { name: (value) => (value?.trim() ? null : t('ui.required')) },
  });
  const sameness = useSameness({ ...form.getValues(), household_id: household.id });
  async function submit() {
    if (form.validate().hasErrors) return;
    const filled = Object.entries(form.getValues()).filter(([, value]) => value);
    const body = { ...Object.fromEntries(filled), ...sameness.confirmed() };
    await act.run(async (key) => {
      try {
        await call(`/households/${household.id}/individuals`, { method: 'POST', body, key });
      } catch (error) {
        sameness.refused(error);
        form.setErrors(fieldErrors(error));
        throw error;
      }
      close();
    }, t('individual.add_done'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('individual.add')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={isLikely(act.error) ? null : act.error}
      {...(sameness.people.length > 0 ? { size: WIDE } : {})}
      onSubmit={() => void submit()}
    >
      <Beside
        sameness={sameness}
        entered={form.getValues()}
        close={close}
        {...(household.addresses.street ? { address: household.addresses.street } : {})}
      >
        <TextInput
          label={`${t('individual.nik')} (${t('ui.optional')})`}
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
          {...form.getInputProps('nik')}
        />
        <PersonFields form={form} />
      </Beside>
    </FormDialog>
  );
}
