import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Organization } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect, PickSelect } from '~/ui/fields';
import { formatDate, formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { listQuery, usePage } from '~/ui/useResource';

export default function OrganizationList() {
  const { t } = useTranslation();
  const account = useAccount();
  const control = useList();
  const kinds = useCodes('organization_kinds');
  const [adding, setAdding] = useState(false);
  const query = usePage<Organization>('/organizations', listQuery(control));
  const columns: Column<Organization>[] = [
    { id: 'name', header: t('organizations.name'), lead: true, cell: (row) => row.name },
    { id: 'kind', header: t('organizations.kind'), cell: (row) => kinds.name(row.kind) },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="organization_status" value={row.status} />,
    },
    {
      id: 'registration',
      header: t('organizations.registration'),
      cell: (row) => row.registration_number || '–',
    },
    {
      id: 'agreement',
      header: t('organizations.agreement_until'),
      cell: (row) => (
        <span className={row.papers_valid === false ? 'strong' : ''}>
          {formatDate(row.agreement_until)}
          {row.papers_valid === false && ` · ${t('money.papers_bad')}`}
        </span>
      ),
    },
    ...(hasRole(account, 'coordinator')
      ? [
          {
            id: 'open',
            header: t('money.open_referrals'),
            numeric: true,
            cell: (row: Organization) => formatNumber(row.open_referrals),
          },
        ]
      : []),
    { id: 'code', header: t('organizations.code'), cell: (row) => row.code, extra: true },
  ];
  return (
    <Page
      title={t('organizations.title')}
      lead={t('organizations.lead')}
      actions={
        hasRole(account, 'admin', 'coordinator') && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            {t('organizations.new')}
          </Button>
        )
      }
    >
      <ListPage<Organization>
        id="organizations"
        caption={t('organizations.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/organizations/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('organizations.kind')}
              value={control.search.kind}
              options={kinds.options}
              onChange={(value) => control.setFilter('kind', value)}
            />
            <FilterSelect
              label={t('ui.status')}
              value={control.search.status}
              options={['applied', 'verified', 'dormant', 'suspended'].map((value) => ({
                value,
                label: word('organization_status', value),
              }))}
              onChange={(value) => control.setFilter('status', value)}
            />
            <FilterSelect
              label={t('money.attention')}
              value={control.search.attention}
              options={[{ value: 'true', label: t('money.attention_only') }]}
              onChange={(value) => control.setFilter('attention', value)}
            />
          </>
        }
        chip={(name, value) =>
          name === 'attention'
            ? t('money.attention')
            : name === 'kind'
              ? kinds.name(value)
              : word('organization_status', value)
        }
        empty={{ title: t('organizations.empty'), why: t('organizations.empty_why') }}
      />
      {adding && <NewOrganization close={() => setAdding(false)} />}
    </Page>
  );
}

function NewOrganization({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const kinds = useCodes('organization_kinds');
  const act = useAct();
  const required = (value: string | undefined) => (value?.trim() ? null : t('ui.required'));
  const form = useForm<Record<string, string>>({
    initialValues: { name: '', code: '', kind: '', registration_number: '', email: '', phone: '' },
    validate: { name: required, code: required, kind: required },
  });
  async function submit() {
    if (form.validate().hasErrors) return;
    const body = Object.fromEntries(Object.entries(form.getValues()).filter(([, value]) => value));
    await act.run(async (key) => {
      try {
        await call('/organizations', { method: 'POST', body, key });
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
      close();
    }, t('organizations.new_done'));
  }
  const input = (name: string, label: string, required = false) => (
    <TextInput label={label} required={required} {...form.getInputProps(name)} />
  );
  return (
    <FormDialog
      opened
      close={close}
      title={t('organizations.new')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      {input('name', t('organizations.name'), true)}
      {input('code', t('organizations.code'), true)}
      <PickSelect
        label={t('organizations.kind')}
        required
        options={kinds.options}
        {...form.getInputProps('kind')}
      />
      {input('registration_number', t('organizations.registration'))}
      {input('email', t('organizations.email'))}
      {input('phone', t('organizations.phone'))}
    </FormDialog>
  );
}
