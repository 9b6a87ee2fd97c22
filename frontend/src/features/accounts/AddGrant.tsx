import { Checkbox } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useOrganizations, useRegions } from '~/api/reference';
import type { AccountView } from '~/api/types';
import { roles } from '~/app/roles';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';
import { fieldErrors } from '~/ui/problem-text';

interface Values {
  role: string;
  scope_kind: string;
  scope_ref: string;
  duties: string[];
  from_date: string;
  to_date: string;
}

export function AddGrant({ account, close }: { account: AccountView; close: () => void }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const organizations = useOrganizations();
  const act = useAct();
  const form = useForm<Values>({
    initialValues: {
      role: '',
      scope_kind: 'city',
      scope_ref: '',
      duties: [],
      from_date: new Date().toISOString().slice(0, 10),
      to_date: '',
    },
    validate: {
      role: (value) => (value ? null : t('ui.required')),
      scope_ref: (value, all) => (all.scope_kind === 'city' || value ? null : t('ui.required')),
    },
  });
  const kind = form.values.scope_kind;
  const areas = regions.all
    .filter((region) => region.level === kind)
    .map((region) => ({ value: region.code, label: regions.full(region.code) }))
    .sort((a, b) => a.label.localeCompare(b.label, 'id'));

  async function submit() {
    if (form.validate().hasErrors) return;
    const { scope_ref, to_date, ...rest } = form.getValues();
    const body = {
      ...rest,
      ...(kind === 'city' ? {} : { scope_ref }),
      ...(to_date ? { to_date } : {}),
    };
    await act.run(async (key) => {
      try {
        await call(`/accounts/${account.id}/grants`, { method: 'POST', body, key });
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
      close();
    }, t('accounts.grant_done'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('accounts.add_grant')}
      submitText={t('accounts.add_grant')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      <PickSelect
        label={t('accounts.role')}
        required
        options={roles.map((value) => ({ value, label: word('role', value) }))}
        {...form.getInputProps('role')}
      />
      <PickSelect
        label={t('accounts.scope_kind')}
        required
        options={['city', 'kecamatan', 'kelurahan', 'organization'].map((value) => ({
          value,
          label: word('scope_kind', value),
        }))}
        {...form.getInputProps('scope_kind')}
        onChange={(value) => form.setValues({ scope_kind: value, scope_ref: '' })}
      />
      {(kind === 'kecamatan' || kind === 'kelurahan') && (
        <PickSelect
          label={t('accounts.scope_region')}
          required
          options={areas}
          {...form.getInputProps('scope_ref')}
        />
      )}
      {kind === 'organization' && (
        <PickSelect
          label={t('accounts.scope_organization')}
          required
          options={organizations.options}
          {...form.getInputProps('scope_ref')}
        />
      )}
      <Checkbox.Group label={t('accounts.duties')} {...form.getInputProps('duties')}>
        <div className="check-grid">
          {['supervise', 'publish', 'approve_money', 'ratify', 'override', 'protect_data'].map(
            (value) => (
              <Checkbox key={value} value={value} label={word('duty', value)} />
            ),
          )}
        </div>
      </Checkbox.Group>
      <DateInput label={t('accounts.from')} required {...form.getInputProps('from_date')} />
      <DateInput
        label={`${t('accounts.to')} (${t('ui.optional')})`}
        {...form.getInputProps('to_date')}
      />
    </FormDialog>
  );
}
