// Revise, refund, lapse, carry over, close: what changes a budget besides spending it.
import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { rawCall } from '~/api/http';
import { getAll } from '~/api/reference';
import type { FundingSource } from '~/api/types';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { parseMoney } from '~/ui/format';
import { Facts } from '~/ui/page';
import { toast } from '~/ui/toast';
import { formatAmount, isGoods } from './money-bits';

export const yearVerbs = ['revise', 'refund', 'lapse', 'carry_over', 'close_year'] as const;
export type YearVerb = (typeof yearVerbs)[number];

interface Draft {
  amount: string;
  down: boolean;
  reference: string;
  referral: string;
  next: string;
  rest: 'lapse' | 'carry_over';
}

const empty: Draft = {
  amount: '',
  down: false,
  reference: '',
  referral: '',
  next: '',
  rest: 'lapse',
};

/** What is sent; nothing while something required is missing. */
export function yearBody(source: FundingSource, verb: YearVerb, draft: Draft) {
  const value = parseMoney(draft.amount);
  const optional = verb === 'lapse' || verb === 'carry_over';
  const given = draft.amount.trim() !== '';
  if (verb !== 'close_year' && (given || !optional) && !value) return null;
  const signed = value && (verb === 'revise' && draft.down ? -value : value);
  const reference = draft.reference.trim();
  if (verb === 'revise' && !reference) return null;
  if (verb === 'refund' && !draft.referral.trim()) return null;
  const needsNext = verb === 'carry_over' || (verb === 'close_year' && draft.rest === 'carry_over');
  if (needsNext && !draft.next) return null;
  return {
    ...(verb !== 'close_year' && signed
      ? { [isGoods(source) ? 'items' : 'amount_idr']: signed }
      : {}),
    ...(verb === 'refund' ? { referral_id: draft.referral.trim() } : {}),
    ...(draft.next && (needsNext || verb === 'close_year') ? { to_source_id: draft.next } : {}),
    ...(verb === 'close_year' ? { rest: draft.rest } : {}),
    ...(reference ? { reference } : {}),
  };
}

export function YearEnd(props: { source: FundingSource; verb: YearVerb; close: () => void }) {
  const { t } = useTranslation();
  const { source, verb, close } = props;
  const [draft, setDraft] = useState(empty);
  const [touched, setTouched] = useState(false);
  const act = useAct();
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const goes = verb === 'carry_over' || verb === 'close_year';
  const sources = useQuery({
    queryKey: ['funding-sources', 'next', source.fiscal_year],
    queryFn: () =>
      getAll<FundingSource>('/funding-sources', { fiscal_year: String(source.fiscal_year + 1) }),
    enabled: goes,
  });
  const next = (sources.data ?? []).filter(
    (other) =>
      other.organization_id === source.organization_id &&
      other.kind === source.kind &&
      other.status !== 'closed' &&
      (other.unit ?? 'IDR') === (source.unit ?? 'IDR'),
  );
  const held = source.balance.reserved + source.balance.committed;
  const body = yearBody(source, verb, draft);

  function submit() {
    setTouched(true);
    if (!body) return;
    void act.run(async (key) => {
      const path = `/funding-sources/${source.id}/${verb.replace('_', '-')}`;
      const answer = await rawCall(path, { method: 'POST', body, key });
      toast(answer.status === 202 ? t('money.waits') : t('funding.done'));
      close();
    });
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t(`money.${verb}`)}
      submitText={t(`money.${verb}`)}
      danger={verb === 'close_year' || verb === 'lapse'}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <p>{t(`money.${verb}_lead`)}</p>
      <Facts
        items={[
          [word('bucket', 'available'), formatAmount(source.balance.available, source.unit)],
          verb === 'close_year' && held > 0
            ? [t('money.held'), formatAmount(held, source.unit)]
            : null,
        ]}
      />
      {verb === 'refund' && (
        <TextInput
          label={t('money.referral')}
          required
          value={draft.referral}
          onChange={(event) => set({ referral: event.currentTarget.value })}
          error={touched && !draft.referral.trim() ? t('ui.required') : undefined}
        />
      )}
      {verb === 'revise' && (
        <NativeSelect
          label={t('money.direction')}
          value={draft.down ? 'down' : 'up'}
          onChange={(event) => set({ down: event.currentTarget.value === 'down' })}
          data={(['up', 'down'] as const).map((value) => ({ value, label: t(`money.${value}`) }))}
        />
      )}
      {verb === 'close_year' && (
        <NativeSelect
          label={t('money.rest')}
          value={draft.rest}
          onChange={(event) => set({ rest: event.currentTarget.value as Draft['rest'] })}
          data={(['lapse', 'carry_over'] as const).map((value) => ({
            value,
            label: t(`money.rest_${value}`),
          }))}
        />
      )}
      {goes && (
        <>
          <PickSelect
            label={t('money.next_source')}
            required={verb === 'carry_over' || held > 0 || draft.rest === 'carry_over'}
            options={next.map((other) => ({ value: other.id, label: other.name }))}
            value={draft.next}
            onChange={(value) => set({ next: value })}
            description={held > 0 && verb === 'close_year' ? t('money.held_lead') : undefined}
            error={touched && !body && !draft.next ? t('ui.required') : undefined}
          />
          {sources.isSuccess && next.length === 0 && <p className="muted">{t('money.no_next')}</p>}
        </>
      )}
      {verb !== 'close_year' && (
        <TextInput
          label={isGoods(source) ? t('money.items') : `${t('funding.amount')} (Rp)`}
          required={verb === 'revise' || verb === 'refund'}
          inputMode="numeric"
          placeholder={verb === 'lapse' || verb === 'carry_over' ? t('money.all_left') : undefined}
          value={draft.amount}
          onChange={(event) => set({ amount: event.currentTarget.value })}
          error={
            touched && !body && !parseMoney(draft.amount)
              ? t(isGoods(source) ? 'money.whole' : 'funding.amount_wrong')
              : undefined
          }
        />
      )}
      <Textarea
        label={
          verb === 'revise' ? t('money.decree') : `${t('funding.reference')} (${t('ui.optional')})`
        }
        required={verb === 'revise'}
        minRows={1}
        maxLength={200}
        value={draft.reference}
        onChange={(event) => set({ reference: event.currentTarget.value })}
        error={
          touched && verb === 'revise' && !draft.reference.trim() ? t('ui.required') : undefined
        }
      />
    </FormDialog>
  );
}
