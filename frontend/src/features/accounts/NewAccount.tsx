import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { CreatedAccount } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput } from '~/ui/fields';
import { OneTimeSecret } from '~/ui/OneTimeSecret';
import { fieldErrors } from '~/ui/problem-text';

/** The service makes the first password; it is shown once, to be handed over. */
export function NewAccount({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const act = useAct();
  const [made, setMade] = useState<CreatedAccount | null>(null);
  const required = (value: string | undefined) => (value?.trim() ? null : t('ui.required'));
  const form = useForm<Record<string, string>>({
    initialValues: {
      username: '',
      display_name: '',
      email: '',
      str_number: '',
      str_valid_until: '',
    },
    validate: { username: required, display_name: required },
  });
  function leave(account: CreatedAccount) {
    close();
    void navigate({ to: `/accounts/${account.id}` });
  }
  async function submit() {
    if (form.validate().hasErrors) return;
    const body = Object.fromEntries(Object.entries(form.getValues()).filter(([, value]) => value));
    await act.run(async (key) => {
      try {
        const { data } = await call<CreatedAccount>('/accounts', { method: 'POST', body, key });
        if (data.initial_password) setMade(data);
        else leave(data);
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
    }, t('accounts.new_done'));
  }
  if (made) {
    return (
      <OneTimeSecret
        title={t('accounts.password_made')}
        lead={t('accounts.password_lead')}
        items={[
          { label: t('accounts.username'), value: made.username },
          { label: t('accounts.password'), value: made.initial_password ?? '' },
        ]}
        close={() => leave(made)}
      />
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('accounts.new')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      <TextInput
        label={t('accounts.username')}
        description={t('accounts.username_hint')}
        required
        autoComplete="off"
        {...form.getInputProps('username')}
      />
      <TextInput
        label={t('accounts.display_name')}
        required
        autoComplete="off"
        {...form.getInputProps('display_name')}
      />
      <TextInput
        label={`${t('accounts.email')} (${t('ui.optional')})`}
        type="email"
        autoComplete="off"
        {...form.getInputProps('email')}
      />
      <TextInput
        label={`${t('accounts.str')} (${t('ui.optional')})`}
        {...form.getInputProps('str_number')}
      />
      <DateInput
        label={`${t('accounts.str_until')} (${t('ui.optional')})`}
        {...form.getInputProps('str_valid_until')}
      />
      <p className="muted small">{t('accounts.password_hint')}</p>
    </FormDialog>
  );
}
