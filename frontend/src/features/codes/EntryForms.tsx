// Forms of a code list. Names are in both languages; a change raises the version of the whole list,
// so two administrators who edit different entries still see each other.
import { Checkbox, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { type Answer, call } from '~/api/http';
import type { CodeList } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { ConflictDialog, type ConflictField, type Flat } from '~/ui/Conflict';
import { fieldErrors } from '~/ui/problem-text';
import { useMergeEdit } from '~/ui/useMergeEdit';

interface Props {
  seen: Answer<CodeList>;
  close: () => void;
}

const show = (value: unknown) => String(value ?? '');

/** `name.id` of the wire is `name_id` of the form. */
const refused = (error: unknown) =>
  Object.fromEntries(
    Object.entries(fieldErrors(error)).map(([field, text]) => [field.replace('.', '_'), text]),
  );

/** A merge-patch of a name carries both languages, as the service asks. */
export function namePatch(fields: Flat, now: Flat): Flat {
  const { name_id, name_en, ...rest } = fields;
  return name_id === undefined && name_en === undefined
    ? rest
    : { ...rest, name: { id: name_id ?? now.name_id, en: name_en ?? now.name_en } };
}

export function AddEntry({ seen, close }: Props) {
  const { t } = useTranslation();
  const act = useAct();
  const required = (value: string) => (value.trim() ? null : t('ui.required'));
  const form = useForm({
    initialValues: { code: '', name_id: '', name_en: '', restricted: false },
    validate: {
      code: (value) => (/^[a-z0-9_]{1,60}$/.test(value) ? null : t('codes.code_hint')),
      name_id: required,
      name_en: required,
    },
  });
  async function submit() {
    if (form.validate().hasErrors) return;
    const values = form.getValues();
    const body = {
      code: values.code,
      name: { id: values.name_id, en: values.name_en },
      sensitivity: values.restricted ? 'restricted' : 'open',
    };
    await act.run(async (key) => {
      try {
        const path = `/code-lists/${seen.data.slug}/entries`;
        await call(path, { method: 'POST', body, key, etag: seen.etag });
        close();
      } catch (error) {
        form.setErrors(refused(error));
        throw error;
      }
    }, t('codes.add_done'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('codes.add')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      <TextInput
        label={t('codes.indonesian')}
        required
        maxLength={200}
        {...form.getInputProps('name_id')}
      />
      <TextInput
        label={t('codes.english')}
        required
        maxLength={200}
        {...form.getInputProps('name_en')}
      />
      <TextInput
        label={t('codes.code')}
        description={t('codes.code_hint')}
        required
        maxLength={60}
        autoCapitalize="none"
        {...form.getInputProps('code')}
      />
      <Checkbox
        label={t('codes.restricted')}
        description={t('codes.restricted_hint')}
        {...form.getInputProps('restricted', { type: 'checkbox' })}
      />
    </FormDialog>
  );
}

function useNames(): ConflictField[] {
  const { t } = useTranslation();
  return [
    { key: 'name_id', label: t('codes.indonesian'), show },
    { key: 'name_en', label: t('codes.english'), show },
  ];
}

export function EditEntry({ seen, code, close }: Props & { code: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const path = `/code-lists/${seen.data.slug}`;
  const entryOf = (list: CodeList) => list.entries?.find((entry) => entry.code === code);
  const flatten = (list: CodeList) => {
    const entry = entryOf(list);
    return {
      name_id: entry?.name.id ?? '',
      name_en: entry?.name.en ?? '',
      sort: String(entry?.sort ?? 0),
    };
  };
  const form = useForm({
    initialValues: flatten(seen.data),
    validate: { sort: (value) => (/^\d{1,6}$/.test(value) ? null : t('field.range')) },
  });
  const edit = useMergeEdit<CodeList>({
    path: `${path}/entries/${code}`,
    readPath: path,
    seen,
    flatten,
    toPatch: (fields, now) => {
      const patch = namePatch(fields, now);
      return 'sort' in patch ? { ...patch, sort: Number(patch.sort) } : patch;
    },
    done: t('ui.saved'),
    onDone: close,
    onRefused: (error) => form.setErrors(refused(error)),
  });
  if (edit.clash) {
    return (
      <ConflictDialog
        fields={[...names, { key: 'sort', label: t('codes.sort'), show }]}
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
      title={`${t('codes.edit')}: ${code}`}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => {
        if (!form.validate().hasErrors) void edit.save(form.getValues() as Flat);
      }}
    >
      <TextInput
        label={t('codes.indonesian')}
        required
        maxLength={200}
        {...form.getInputProps('name_id')}
      />
      <TextInput
        label={t('codes.english')}
        required
        maxLength={200}
        {...form.getInputProps('name_en')}
      />
      <TextInput
        label={t('codes.sort')}
        description={t('codes.sort_hint')}
        inputMode="numeric"
        {...form.getInputProps('sort')}
      />
    </FormDialog>
  );
}

export function RenameList({ seen, close }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const flatten = (list: CodeList) => ({ name_id: list.name.id, name_en: list.name.en ?? '' });
  const form = useForm({ initialValues: flatten(seen.data) });
  const edit = useMergeEdit<CodeList>({
    path: `/code-lists/${seen.data.slug}`,
    seen,
    flatten,
    toPatch: namePatch,
    done: t('ui.saved'),
    onDone: close,
    onRefused: (error) => form.setErrors(refused(error)),
  });
  if (edit.clash) {
    return (
      <ConflictDialog
        fields={names}
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
      title={t('codes.rename')}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => void edit.save(form.getValues() as Flat)}
    >
      <TextInput
        label={t('codes.indonesian')}
        required
        maxLength={200}
        {...form.getInputProps('name_id')}
      />
      <TextInput
        label={t('codes.english')}
        required
        maxLength={200}
        {...form.getInputProps('name_en')}
      />
    </FormDialog>
  );
}
