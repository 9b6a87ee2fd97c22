// One step of a delivery, with what that step has to show.
import { Radio, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Evidence, Referral } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';
import { officeToday } from '~/ui/format';
import { usePage } from '~/ui/useResource';
import type { Delivery, DeliveryVerb } from './delivery-types';
import { usePayees } from './payees';

const refusals: DeliveryVerb[] = ['fail', 'return', 'cancel'];

/** What a step cannot do without. */
const needed: Partial<Record<DeliveryVerb, string>> = {
  approve: 'decree',
  receive: 'proof_kind',
  account: 'reference',
  confirm: 'confirmation',
  fail: 'reason_code',
  return: 'reason_code',
  cancel: 'reason_code',
};

interface Props {
  line: Delivery;
  referral: Referral;
  verb: DeliveryVerb;
  close: () => void;
}

export function DeliveryStep({ line, referral, verb, close }: Props) {
  const { t } = useTranslation();
  const act = useAct();
  const [values, setValues] = useState<Record<string, string>>(
    verb === 'receive'
      ? { received_on: officeToday() }
      : verb === 'update'
        ? { planned_on: line.planned_on, payee_individual_id: line.payee_individual_id ?? '' }
        : {},
  );
  const set = (name: string) => (value: string) => setValues({ ...values, [name]: value });
  const must = needed[verb];
  function submit() {
    const body = Object.fromEntries(
      Object.entries(values)
        .map(([name, value]) => [name, value.trim()] as const)
        .filter(([, value]) => value !== ''),
    );
    void act.run(
      async (key) => {
        const path = `/deliveries/${line.id}`;
        const current = await call<Delivery>(path);
        await call(verb === 'update' ? path : `${path}/${verb}`, {
          method: verb === 'update' ? 'PATCH' : 'POST',
          body,
          key,
          etag: current.etag,
        });
        close();
      },
      t(`delivery.done.${verb}`),
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t(`delivery.verb.${verb}`)}
      submitText={t(`delivery.verb.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={refusals.includes(verb)}
      disabled={must !== undefined && !values[must]?.trim()}
      onSubmit={submit}
    >
      <p>{t(`delivery.lead.${verb}`)}</p>
      <StepFields verb={verb} values={values} set={set} referral={referral} />
      {verb !== 'approve' && verb !== 'account' && verb !== 'update' && (
        <Textarea
          label={`${t('ui.note')} (${t('ui.optional')})`}
          maxLength={1000}
          value={values.note ?? ''}
          onChange={(event) => set('note')(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}

interface FieldProps {
  verb: DeliveryVerb;
  values: Record<string, string>;
  set: (name: string) => (value: string) => void;
  referral: Referral;
}

function StepFields({ verb, values, set, referral }: FieldProps) {
  const { t } = useTranslation();
  const proofs = useCodes('delivery_proofs');
  const reasons = useCodes('delivery_failure_reasons');
  const payees = usePayees(referral);
  const text = (name: string, label: string, required: boolean) => (
    <TextInput
      label={required ? label : `${label} (${t('ui.optional')})`}
      required={required}
      maxLength={200}
      value={values[name] ?? ''}
      onChange={(event) => set(name)(event.currentTarget.value)}
    />
  );
  if (refusals.includes(verb)) {
    return (
      <PickSelect
        label={t('ui.reason')}
        required
        options={reasons.options}
        value={values.reason_code ?? ''}
        onChange={set('reason_code')}
      />
    );
  }
  switch (verb) {
    case 'approve':
      return text('decree', t('delivery.decree'), true);
    case 'account':
      return text('reference', t('delivery.report'), true);
    case 'receive':
      return (
        <>
          <PickSelect
            label={t('delivery.proof')}
            required
            options={proofs.options}
            value={values.proof_kind ?? ''}
            onChange={set('proof_kind')}
          />
          {text('proof_reference', t('delivery.proof_reference'), false)}
          <ProofFile problemId={referral.problem_id} value={values.proof_evidence_id} set={set} />
          <DateInput
            label={t('delivery.received_on')}
            max={officeToday()}
            value={values.received_on ?? ''}
            onChange={set('received_on')}
          />
        </>
      );
    case 'update':
      return (
        <>
          <DateInput
            label={t('delivery.planned_on')}
            min={officeToday()}
            value={values.planned_on ?? ''}
            onChange={set('planned_on')}
          />
          {payees.length > 0 && (
            <PickSelect
              label={t('delivery.payee')}
              options={payees}
              value={values.payee_individual_id ?? ''}
              onChange={set('payee_individual_id')}
            />
          )}
        </>
      );
    case 'confirm':
      return (
        <Radio.Group
          label={t('delivery.did_it_come')}
          value={values.confirmation ?? ''}
          onChange={set('confirmation')}
          required
        >
          <Radio value="received" label={t('delivery_confirmation.received')} />
          <Radio value="not_received" label={t('delivery_confirmation.not_received')} />
        </Radio.Group>
      );
    default:
      return null;
  }
}

/** A photograph or scan among the problem's evidence, where there is one to choose. */
function ProofFile({
  problemId,
  value,
  set,
}: {
  problemId: string;
  value: string | undefined;
  set: FieldProps['set'];
}) {
  const { t } = useTranslation();
  const query = usePage<Evidence>(`/problems/${problemId}/evidence`, { limit: 50 });
  const files = query.data?.data ?? [];
  if (files.length === 0) return null;
  return (
    <PickSelect
      label={`${t('delivery.proof_file')} (${t('ui.optional')})`}
      options={files.map((file) => ({ value: file.id, label: file.name }))}
      value={value ?? ''}
      onChange={set('proof_evidence_id')}
    />
  );
}
