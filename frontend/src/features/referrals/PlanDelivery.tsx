import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Referral } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';
import { formatMoney, formatNumber, officeToday, parseMoney } from '~/ui/format';
import { fieldErrors } from '~/ui/problem-text';
import { usePayees } from './payees';

interface Props {
  referral: Referral;
  /** Rupiah no line holds yet. */
  left: number;
  close: () => void;
}

export function PlanDelivery({ referral, left, close }: Props) {
  const { t } = useTranslation();
  const channels = useCodes('delivery_channels');
  const payees = usePayees(referral);
  const act = useAct();
  const form = useForm<Record<string, string>>({
    initialValues: {
      planned_on: referral.scheduled_on ?? officeToday(),
      amount_idr: formatNumber(left),
      channel: '',
      months: '1',
      payee_individual_id: '',
      payee_name: '',
      note: '',
    },
    validate: {
      planned_on: (value) => (value ? null : t('ui.required')),
      channel: (value) => (value ? null : t('ui.required')),
      amount_idr: (value, all) => {
        const amount = parseMoney(value ?? '');
        if (amount === null) return t('funding.amount_wrong');
        const months = Number(all.months) || 1;
        return amount * months > left ? t('delivery.too_much', { left: formatMoney(left) }) : null;
      },
      months: (value) =>
        /^([1-9]|1\d|2[0-4])$/.test(value ?? '') ? null : t('delivery.months_wrong'),
    },
  });
  function submit() {
    if (form.validate().hasErrors) return;
    const values = form.getValues();
    const optional = ['payee_individual_id', 'payee_name', 'note'].filter((key) =>
      values[key]?.trim(),
    );
    void act.run(async (key) => {
      try {
        await call(`/referrals/${referral.id}/deliveries`, {
          method: 'POST',
          key,
          body: {
            planned_on: values.planned_on,
            amount_idr: parseMoney(values.amount_idr ?? ''),
            channel: values.channel,
            ...(values.months === '1' ? {} : { months: Number(values.months) }),
            ...Object.fromEntries(optional.map((name) => [name, values[name]?.trim()])),
          },
        });
        close();
      } catch (failure) {
        form.setErrors(fieldErrors(failure));
        throw failure;
      }
    }, t('delivery.planned'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('delivery.plan')}
      submitText={t('delivery.plan_now')}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <p>{t('delivery.plan_lead')}</p>
      <DateInput
        label={t('delivery.planned_on')}
        required
        min={officeToday()}
        {...form.getInputProps('planned_on')}
      />
      <TextInput
        label={t('delivery.amount')}
        description={t('delivery.left', { left: formatMoney(left) })}
        required
        inputMode="numeric"
        {...form.getInputProps('amount_idr')}
      />
      <TextInput
        label={t('delivery.months')}
        description={t('delivery.months_hint')}
        inputMode="numeric"
        {...form.getInputProps('months')}
      />
      <PickSelect
        label={t('delivery.channel')}
        required
        options={channels.options}
        {...form.getInputProps('channel')}
      />
      {payees.length > 0 && (
        <PickSelect
          label={`${t('delivery.payee')} (${t('ui.optional')})`}
          description={t('delivery.payee_hint')}
          options={payees}
          {...form.getInputProps('payee_individual_id')}
        />
      )}
      <TextInput
        label={`${t('delivery.payee_other')} (${t('ui.optional')})`}
        maxLength={200}
        {...form.getInputProps('payee_name')}
      />
    </FormDialog>
  );
}
