// A plan to calculate: what is divided, how much each side of a need counts, and what if there were more.
import { Button, MultiSelect, Radio, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { getAll } from '~/api/reference';
import type { FundingSource, Program } from '~/api/types';
import { useLanguage } from '~/i18n';
import { useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { formatMoney, parseMoney } from '~/ui/format';
import { Card, Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Loading, Notice, ProblemNotice, ProblemState } from '~/ui/states';
import { type Plan, policies, type WeightName, weightNames } from './types';
import './allocations.css';

interface Extra {
  row: number;
  source: string;
  amount: string;
}

interface Values {
  name: string;
  policy: (typeof policies)[number];
  programs: string[];
  sources: string[];
  weights: Record<WeightName, string>;
  cap: string;
  seed: string;
  extras: Extra[];
}

const start: Values = {
  name: '',
  policy: 'optimal',
  programs: [],
  sources: [],
  weights: { severity: '4', decile: '3', vulnerability: '2', waiting: '1' },
  cap: '3',
  seed: '',
  extras: [],
};

const isWhole = (text: string, least: number, most: number) =>
  /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;

/** What goes over the wire: what is left as it is, is left out. */
export function planBody(values: Values) {
  return {
    name: values.name.trim(),
    policy: values.policy,
    ...(values.programs.length > 0 ? { program_ids: values.programs } : {}),
    ...(values.sources.length > 0 ? { funding_source_ids: values.sources } : {}),
    weights: Object.fromEntries(weightNames.map((name) => [name, Number(values.weights[name])])),
    awards_per_household: Number(values.cap),
    ...(values.seed.trim() ? { seed: values.seed.trim() } : {}),
    ...(values.extras.length > 0
      ? {
          extra_budgets: values.extras.map((extra) => ({
            funding_source_id: extra.source,
            amount_idr: parseMoney(extra.amount),
          })),
        }
      : {}),
  };
}

export default function NewPlan() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const navigate = useNavigate();
  const act = useAct();
  const programs = useQuery({
    queryKey: ['programs', 'referral', 'published'],
    queryFn: () => getAll<Program>('/programs', { status: 'published', access_mode: 'referral' }),
  });
  const sources = useQuery({
    queryKey: ['funding-sources', 'open'],
    queryFn: () => getAll<FundingSource>('/funding-sources', { status: 'open' }),
  });
  const form = useForm<Values>({
    initialValues: start,
    validate: {
      name: (value) => (value.trim() ? null : t('ui.required')),
      weights: Object.fromEntries(
        weightNames.map((weight) => [
          weight,
          (value: string) => (isWhole(value, 0, 100) ? null : t('alloc.weight_wrong')),
        ]),
      ) as Record<WeightName, (value: string) => string | null>,
      cap: (value) => (isWhole(value, 1, 20) ? null : t('alloc.cap_wrong')),
      seed: (value) =>
        !value.trim() || /^[A-Za-z0-9 ._:-]{16,128}$/.test(value.trim())
          ? null
          : t('alloc.seed_wrong'),
      extras: {
        source: (value) => (value ? null : t('ui.required')),
        amount: (value) => (parseMoney(value) ? null : t('funding.amount_wrong')),
      },
    },
  });
  const failed = programs.error ?? sources.error;
  if (failed) {
    return (
      <Page back={t('alloc.title')} title={t('alloc.new')}>
        <div className="card">
          <ProblemState error={failed} />
        </div>
      </Page>
    );
  }
  if (!programs.data || !sources.data) {
    return (
      <Page back={t('alloc.title')} title={t('alloc.new')}>
        <div className="card">
          <Loading lines={8} />
        </div>
      </Page>
    );
  }
  const values = form.getValues();

  function submit() {
    if (form.validate().hasErrors) return;
    void act.run(async (key) => {
      try {
        const made = await call<Plan>('/allocation-plans', {
          method: 'POST',
          body: planBody(form.getValues()),
          key,
        });
        void navigate({ to: `/allocation-plans/${made.data.id}` as string });
      } catch (failure) {
        form.setErrors(fieldErrors(failure));
        throw failure;
      }
    });
  }

  return (
    <Page back={t('alloc.title')} title={t('alloc.new')} lead={t('alloc.new_lead')}>
      <form
        className="stack form-page"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ProblemNotice error={act.error} />
        <Card title={t('alloc.what')}>
          <TextInput
            label={t('alloc.name')}
            required
            maxLength={200}
            placeholder={t('alloc.name_like')}
            {...form.getInputProps('name')}
          />
          <Radio.Group label={t('alloc.policy')} required {...form.getInputProps('policy')}>
            <div className="stack">
              {policies.map((policy) => (
                <Radio
                  key={policy}
                  value={policy}
                  label={t(`alloc_policy.${policy}`)}
                  description={t(`alloc.policy_why.${policy}`)}
                />
              ))}
            </div>
          </Radio.Group>
          <MultiSelect
            label={`${t('alloc.programs')} (${t('ui.optional')})`}
            description={t('alloc.programs_hint')}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': t('alloc.clear') }}
            nothingFoundMessage={t('alloc.no_such')}
            limit={60}
            data={programs.data.map((one) => ({
              value: one.id,
              label: `${name(one.name)} · ${one.organization_name ?? one.code}`,
            }))}
            {...form.getInputProps('programs')}
          />
          <MultiSelect
            label={`${t('alloc.sources')} (${t('ui.optional')})`}
            description={t('alloc.sources_hint')}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': t('alloc.clear') }}
            nothingFoundMessage={t('alloc.no_such')}
            limit={60}
            data={sources.data.map((one) => ({ value: one.id, label: one.name }))}
            {...form.getInputProps('sources')}
          />
        </Card>
        <Card title={t('alloc.weights')}>
          <p className="muted">{t('alloc.weights_why')}</p>
          <div className="alloc-form">
            {weightNames.map((weight) => (
              <TextInput
                key={weight}
                label={t(`alloc.weight.${weight}`)}
                description={t(`alloc.weight_why.${weight}`)}
                inputMode="numeric"
                {...form.getInputProps(`weights.${weight}`)}
              />
            ))}
            <TextInput
              label={t('alloc.cap')}
              description={t('alloc.cap_why')}
              inputMode="numeric"
              {...form.getInputProps('cap')}
            />
          </div>
        </Card>
        <Card title={t('alloc.extra')}>
          <p className="muted">{t('alloc.extra_why')}</p>
          {values.extras.map((extra, at) => (
            <div className="alloc-what-if" key={extra.row}>
              <PickSelect
                label={t('alloc.source')}
                required
                options={(sources.data ?? [])
                  .filter((one) => !one.unit || one.unit === 'IDR')
                  .map((one) => ({ value: one.id, label: one.name }))}
                {...form.getInputProps(`extras.${at}.source`)}
              />
              <TextInput
                label={t('alloc.extra_amount')}
                required
                inputMode="numeric"
                placeholder="10.000.000.000"
                {...form.getInputProps(`extras.${at}.amount`)}
              />
              <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={18} aria-hidden="true" />}
                onClick={() => form.removeListItem('extras', at)}
              >
                {t('alloc.remove')}
                <span className="sp-visually-hidden"> {at + 1}</span>
              </Button>
            </div>
          ))}
          {values.extras.length > 0 && <Notice title={t('alloc.what_if_why')} />}
          <div>
            <Button
              variant="default"
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              onClick={() =>
                form.insertListItem('extras', {
                  row: Math.max(0, ...values.extras.map((one) => one.row)) + 1,
                  source: '',
                  amount: '',
                })
              }
            >
              {t('alloc.extra_add')}
            </Button>
          </div>
          {values.extras.some((extra) => parseMoney(extra.amount)) && (
            <p className="sp-num">
              {t('alloc.extra_sum', {
                sum: formatMoney(
                  values.extras.reduce((sum, extra) => sum + (parseMoney(extra.amount) ?? 0), 0),
                ),
              })}
            </p>
          )}
        </Card>
        <Card title={t('alloc.ties')}>
          <p className="muted">{t('alloc.ties_why')}</p>
          <TextInput
            label={`${t('alloc.seed')} (${t('ui.optional')})`}
            description={t('alloc.seed_hint')}
            maxLength={128}
            {...form.getInputProps('seed')}
          />
        </Card>
        <div>
          <Button type="submit" loading={act.busy}>
            {t('alloc.calculate')}
          </Button>
        </div>
      </form>
    </Page>
  );
}
