import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Answer } from '~/api/http';
import type { ClientView } from '~/api/types';
import { FormDialog } from '~/ui/act';
import { ConflictDialog, type Flat } from '~/ui/Conflict';
import { fieldErrors } from '~/ui/problem-text';
import { useMergeEdit } from '~/ui/useMergeEdit';
import { ScopeChoice } from './ScopeChoice';

interface Values {
  name: string;
  scopes: string[];
}

// In one order, so that ticking a scope off and on again is no change.
const flatten = (client: ClientView) => ({ name: client.name, scopes: [...client.scopes].sort() });

export function EditClient({ seen, close }: { seen: Answer<ClientView>; close: () => void }) {
  const { t } = useTranslation();
  const form = useForm<Values>({
    initialValues: flatten(seen.data),
    validate: { name: (value) => (value.trim() ? null : t('ui.required')) },
  });
  const edit = useMergeEdit<ClientView>({
    path: `/clients/${seen.data.id}`,
    seen,
    flatten,
    toPatch: (fields) => fields,
    done: t('ui.saved'),
    onDone: close,
    onRefused: (error) => form.setErrors(fieldErrors(error)),
  });
  if (edit.clash) {
    return (
      <ConflictDialog
        fields={[
          { key: 'name', label: t('clients.name'), show: (value) => String(value ?? '') },
          {
            key: 'scopes',
            label: t('clients.scopes'),
            show: (value) => (value as string[]).join(', '),
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
      size="lg"
      title={t('clients.edit')}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => {
        if (form.validate().hasErrors) return;
        const { name, scopes } = form.getValues();
        void edit.save({ name, scopes: [...scopes].sort() } satisfies Flat);
      }}
    >
      <TextInput
        label={t('clients.name')}
        required
        maxLength={120}
        {...form.getInputProps('name')}
      />
      <ScopeChoice {...form.getInputProps('scopes')} />
    </FormDialog>
  );
}
