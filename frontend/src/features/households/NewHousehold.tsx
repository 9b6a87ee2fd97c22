import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useRegions } from '~/api/reference';
import type { HouseholdDetail } from '~/api/types';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { fieldErrors } from '~/ui/problem-text';

export function NewHousehold({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const navigate = useNavigate();
  const act = useAct();
  const form = useForm<Record<string, string>>({
    initialValues: {
      kind: 'family',
      region_code: '',
      street: '',
      rt: '',
      rw: '',
      family_card_number: '',
    },
    validate: { region_code: (value) => (value ? null : t('ui.required')) },
  });
  async function submit() {
    if (form.validate().hasErrors) return;
    const { street, rt, rw, family_card_number, ...rest } = form.getValues();
    const addresses = Object.fromEntries(
      Object.entries({ street, rt, rw }).filter(([, value]) => value),
    );
    const body = { ...rest, addresses, ...(family_card_number ? { family_card_number } : {}) };
    await act.run(async (key) => {
      try {
        const { data } = await call<HouseholdDetail>('/households', { method: 'POST', body, key });
        close();
        await navigate({ to: `/households/${data.id}` });
      } catch (error) {
        form.setErrors(fieldErrors(error));
        throw error;
      }
    });
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('households.new')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={() => void submit()}
    >
      <PickSelect
        label={t('household.kind')}
        options={['family', 'institution', 'unhoused'].map((value) => ({
          value,
          label: word('household_kind', value),
        }))}
        {...form.getInputProps('kind')}
      />
      <PickSelect
        label={t('households.region')}
        required
        options={regions.kelurahan}
        {...form.getInputProps('region_code')}
      />
      <TextInput
        label={`${t('household.family_card')} (${t('ui.optional')})`}
        inputMode="numeric"
        autoComplete="off"
        {...form.getInputProps('family_card_number')}
      />
      <TextInput
        label={t('household.street')}
        autoComplete="off"
        {...form.getInputProps('street')}
      />
      <div className="row" style={{ flexWrap: 'nowrap' }}>
        <TextInput label={t('household.rt')} inputMode="numeric" {...form.getInputProps('rt')} />
        <TextInput label={t('household.rw')} inputMode="numeric" {...form.getInputProps('rw')} />
      </div>
    </FormDialog>
  );
}
