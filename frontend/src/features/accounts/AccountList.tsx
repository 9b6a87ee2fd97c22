import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { AccountView } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { DateInput, FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { listQuery, usePage } from '~/ui/useResource';

export default function AccountList() {
  const { t } = useTranslation();
  const account = useAccount();
  const control = useList();
  const [adding, setAdding] = useState(false);
  const query = usePage<AccountView>('/accounts', listQuery(control));
  const columns: Column<AccountView>[] = [
    { id: 'name', header: t('accounts.display_name'), lead: true, cell: (row) => row.display_name },
    { id: 'username', header: t('accounts.username'), cell: (row) => row.username },
    {
      id: 'roles',
      header: t('accounts.role'),
      cell: (row) =>
        [...new Set((row.grants ?? []).map((grant) => word('role', grant.role)))].join(', ') || '–',
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="account_status" value={row.status} />,
    },
    {
      id: 'totp',
      header: t('accounts.totp'),
      cell: (row) => t(row.totp_enabled ? 'ui.yes' : 'ui.no'),
    },
    { id: 'updated', header: t('ui.updated'), cell: (row) => formatInstant(row.updated_at) },
  ];
  return (
    <Page
      title={t('accounts.title')}
      lead={t('accounts.lead')}
      actions={
        hasRole(account, 'admin') && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            {t('accounts.new')}
          </Button>
        )
      }
    >
      <ListPage<AccountView>
        id="accounts"
        caption={t('accounts.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/accounts/${row.id}`}
        filters={
          <FilterSelect
            label={t('ui.status')}
            value={control.search.status}
            options={['active', 'disabled'].map((value) => ({
              value,
              label: word('account_status', value),
            }))}
            onChange={(value) => control.setFilter('status', value)}
          />
        }
        chip={(_name, value) => word('account_status', value)}
        empty={{ title: t('accounts.empty') }}
      />
      {adding && <NewAccount close={() => setAdding(false)} />}
    </Page>
  );
}

function NewAccount({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const act = useAct();
  const required = (value: string | undefined) => (value?.trim() ? null : t('ui.required'));
  const form = useForm<Record<string, string>>({
    initialValues: {
      username: '',
      display_name: '',
      email: '',
      password: '',
      str_number: '',
      str_valid_until: '',
    },
    validate: {
      username: required,
      display_name: required,
      password: (value) => ((value ?? '').length >= 12 ? null : t('own.too_short')),
    },
  });
  async function submit() {
    if (form.validate().hasErrors) return;
    const body = Object.fromEntries(Object.entries(form.getValues()).filter(([, value]) => value));
    await act.run(async (key) => {
      try {
        const { data } = await call<AccountView>('/accounts', { method: 'POST', body, key });
        close();
        await navigate({ to: `/accounts/${data.id}` });
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
    }, t('accounts.new_done'));
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
        label={t('accounts.email')}
        type="email"
        autoComplete="off"
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label={t('accounts.password')}
        description={t('accounts.password_hint')}
        required
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('sign_in.show_password') }}
        {...form.getInputProps('password')}
      />
      <TextInput
        label={`${t('accounts.str')} (${t('ui.optional')})`}
        {...form.getInputProps('str_number')}
      />
      <DateInput
        label={`${t('accounts.str_until')} (${t('ui.optional')})`}
        {...form.getInputProps('str_valid_until')}
      />
    </FormDialog>
  );
}
