import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Answer } from '~/api/http';
import type { AccountView } from '~/api/types';
import { FormDialog } from '~/ui/act';
import { ConflictDialog, type Flat } from '~/ui/Conflict';
import { DateInput } from '~/ui/fields';
import { formatDate } from '~/ui/format';
import { fieldErrors } from '~/ui/problem-text';
import { useMergeEdit } from '~/ui/useMergeEdit';

const flatten = (account: AccountView): Record<string, string> => ({
  display_name: account.display_name,
  email: account.email ?? '',
  str_number: account.str_number ?? '',
  str_valid_until: account.str_valid_until ?? '',
});

export function EditAccount({ seen, close }: { seen: Answer<AccountView>; close: () => void }) {
  const { t } = useTranslation();
  const form = useForm<Record<string, string>>({ initialValues: flatten(seen.data) });
  const edit = useMergeEdit<AccountView>({
    path: `/accounts/${seen.data.id}`,
    seen,
    flatten,
    toPatch: (fields) =>
      Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [
          key,
          value === '' && key !== 'display_name' ? null : value,
        ]),
      ),
    done: t('ui.saved'),
    onDone: close,
    onRefused: (error) => form.setErrors(fieldErrors(error)),
  });
  const text = (value: unknown) => String(value ?? '');
  if (edit.clash) {
    return (
      <ConflictDialog
        fields={[
          { key: 'display_name', label: t('accounts.display_name'), show: text },
          { key: 'email', label: t('accounts.email'), show: text },
          { key: 'str_number', label: t('accounts.str'), show: text },
          {
            key: 'str_valid_until',
            label: t('accounts.str_until'),
            show: (value) => formatDate(text(value)),
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
  return (
    <FormDialog
      opened
      close={close}
      title={t('accounts.edit')}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => void edit.save(form.getValues() as Flat)}
    >
      <TextInput
        label={t('accounts.display_name')}
        required
        {...form.getInputProps('display_name')}
      />
      <TextInput label={t('accounts.email')} type="email" {...form.getInputProps('email')} />
      <TextInput label={t('accounts.str')} {...form.getInputProps('str_number')} />
      <DateInput label={t('accounts.str_until')} {...form.getInputProps('str_valid_until')} />
    </FormDialog>
  );
}
