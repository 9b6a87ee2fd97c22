// Every movement of money asks for its amount and its paper; the ledger refuses what would overdraw.
import { Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, rawCall } from '~/api/http';
import { getAll } from '~/api/reference';
import type { Cycle, FundingSource, Page, Program } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { parseMoney } from '~/ui/format';
import { Facts } from '~/ui/page';
import { toast } from '~/ui/toast';
import { formatAmount, isGoods } from './money-bits';

export const moveVerbs = ['pledge', 'receive', 'appropriate', 'allot', 'release'] as const;
export type MoveVerb = (typeof moveVerbs)[number];

export function MoveMoney({
  source,
  verb,
  close,
}: {
  source: FundingSource;
  verb: MoveVerb;
  close: () => void;
}) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [amount, setAmount] = useState('');
  const [reference, setReference] = useState('');
  const [programId, setProgramId] = useState('');
  const [cycleId, setCycleId] = useState('');
  const [touched, setTouched] = useState(false);
  const act = useAct();
  const value = parseMoney(amount);
  const toCycle = verb === 'allot' || verb === 'release';
  const programs = useQuery({
    queryKey: ['programs', 'all'],
    queryFn: () => getAll<Program>('/programs'),
    enabled: toCycle,
  });
  const cycles = useQuery({
    queryKey: ['programs', programId, 'cycles'],
    queryFn: () => get<Page<Cycle>>(`/programs/${programId}/cycles`, { limit: 100 }),
    enabled: programId !== '',
  });

  function submit() {
    setTouched(true);
    if (!value || (toCycle && !cycleId)) return;
    void act.run(async (key) => {
      const body = {
        [isGoods(source) ? 'items' : 'amount_idr']: value,
        ...(toCycle ? { cycle_id: cycleId } : {}),
        ...(reference.trim() ? { reference: reference.trim() } : {}),
      };
      const answer = await rawCall(`/funding-sources/${source.id}/${verb}`, {
        method: 'POST',
        body,
        key,
      });
      toast(answer.status === 202 ? t('money.waits') : t('funding.done'));
      close();
    });
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t(`funding.${verb}`)}
      submitText={t(`funding.${verb}`)}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <p>{t(`funding.${verb}_lead`)}</p>
      <Facts
        items={[[word('bucket', 'available'), formatAmount(source.balance.available, source.unit)]]}
      />
      {toCycle && (
        <>
          <PickSelect
            label={t('funding.program')}
            required
            options={(programs.data ?? []).map((program) => ({
              value: program.id,
              label: name(program.name),
            }))}
            value={programId}
            onChange={(next) => {
              setProgramId(next);
              setCycleId('');
            }}
            error={touched && !programId ? t('ui.required') : undefined}
          />
          <PickSelect
            label={t('funding.cycle')}
            required
            disabled={!programId}
            options={(cycles.data?.data ?? []).map((cycle) => ({
              value: cycle.id,
              label: cycle.name,
            }))}
            value={cycleId}
            onChange={setCycleId}
            error={touched && !cycleId ? t('ui.required') : undefined}
          />
        </>
      )}
      <TextInput
        label={isGoods(source) ? t('money.items') : `${t('funding.amount')} (Rp)`}
        required
        inputMode="numeric"
        placeholder="1.500.000"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
        description={value ? formatAmount(value, source.unit) : undefined}
        error={touched && !value ? t('funding.amount_wrong') : undefined}
      />
      <Textarea
        label={`${t('funding.reference')} (${t('ui.optional')})`}
        minRows={1}
        maxLength={500}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
