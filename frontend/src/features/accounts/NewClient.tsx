import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useOrganizations } from '~/api/reference';
import type { ClientWithSecret } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { OneTimeSecret } from '~/ui/OneTimeSecret';
import { fieldErrors } from '~/ui/problem-text';
import { ScopeChoice } from './ScopeChoice';

interface Values {
  name: string;
  organization_id: string;
  scopes: string[];
}

export function NewClient({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const organizations = useOrganizations();
  const act = useAct();
  const [made, setMade] = useState<ClientWithSecret | null>(null);
  const form = useForm<Values>({
    initialValues: { name: '', organization_id: '', scopes: [] },
    validate: {
      name: (value) => (value.trim() ? null : t('ui.required')),
      scopes: (value) => (value.length > 0 ? null : t('ui.required')),
    },
  });
  async function submit() {
    if (form.validate().hasErrors) return;
    const { organization_id, ...rest } = form.getValues();
    const body = { ...rest, ...(organization_id ? { organization_id } : {}) };
    await act.run(async (key) => {
      try {
        setMade((await call<ClientWithSecret>('/clients', { method: 'POST', body, key })).data);
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
    }, t('clients.new_done'));
  }
  if (made) {
    return (
      <ClientSecret
        client={made}
        close={() => {
          close();
          void navigate({ to: `/clients/${made.id}` });
        }}
      />
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      size="lg"
      title={t('clients.new')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      <TextInput
        label={t('clients.name')}
        description={t('clients.name_hint')}
        required
        maxLength={120}
        {...form.getInputProps('name')}
      />
      <PickSelect
        label={`${t('clients.organization')} (${t('ui.optional')})`}
        description={t('clients.organization_hint')}
        options={organizations.options}
        {...form.getInputProps('organization_id')}
      />
      <ScopeChoice {...form.getInputProps('scopes')} />
    </FormDialog>
  );
}

export function ClientSecret({ client, close }: { client: ClientWithSecret; close: () => void }) {
  const { t } = useTranslation();
  return (
    <OneTimeSecret
      title={t('clients.secret_title')}
      lead={t('clients.secret_lead')}
      items={[
        { label: t('clients.client_id'), value: client.client_id },
        { label: t('clients.secret'), value: client.client_secret },
      ]}
      close={close}
    />
  );
}
