// A source to enter: whose, of which year, and what it counts.
import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes, useOrganizations } from '~/api/reference';
import { useAccount } from '~/app/account';
import { organizationOf } from '~/app/roles';
import { FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { fieldErrors } from '~/ui/problem-text';

export function NewSource({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const account = useAccount();
  const kinds = useCodes('funding_kinds');
  const organizations = useOrganizations();
  const act = useAct();
  const required = (value: string | undefined) => (value?.trim() ? null : t('ui.required'));
  const form = useForm<Record<string, string>>({
    initialValues: {
      code: '',
      name: '',
      kind: '',
      organization_id: organizationOf(account) ?? '',
      fiscal_year: String(new Date().getFullYear()),
      unit: '',
    },
    validate: {
      code: required,
      name: required,
      kind: required,
      organization_id: required,
      fiscal_year: (value) => (/^20\d\d$/.test(value ?? '') ? null : t('ui.required')),
      unit: (value) =>
        !value?.trim() || /^[a-z][a-z0-9_]{1,39}$/.test(value.trim())
          ? null
          : t('money.unit_wrong'),
    },
  });
  async function submit() {
    if (form.validate().hasErrors) return;
    const values = form.getValues();
    await act.run(async (key) => {
      try {
        const { unit = '', ...rest } = values;
        const body = {
          ...rest,
          fiscal_year: Number(values.fiscal_year),
          ...(unit.trim() ? { unit: unit.trim() } : {}),
        };
        await call('/funding-sources', { method: 'POST', body, key });
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
      close();
    }, t('funding.new_done'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('funding.new')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      <TextInput label={t('funding.name')} required {...form.getInputProps('name')} />
      <TextInput label={t('funding.code')} required {...form.getInputProps('code')} />
      <PickSelect
        label={t('funding.kind')}
        required
        options={kinds.options}
        {...form.getInputProps('kind')}
      />
      <PickSelect
        label={t('funding.owner')}
        required
        options={organizations.options}
        {...form.getInputProps('organization_id')}
      />
      <TextInput
        label={t('funding.year')}
        required
        inputMode="numeric"
        {...form.getInputProps('fiscal_year')}
      />
      <TextInput
        label={`${t('money.unit')} (${t('ui.optional')})`}
        description={t('money.unit_hint')}
        placeholder="paket"
        maxLength={40}
        {...form.getInputProps('unit')}
      />
    </FormDialog>
  );
}
