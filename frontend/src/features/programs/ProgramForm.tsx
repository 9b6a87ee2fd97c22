import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes, useOrganizations } from '~/api/reference';
import type { Program } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole, organizationOf } from '~/app/roles';
import { useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { parseMoney } from '~/ui/format';
import { Card, Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { ProblemNotice } from '~/ui/states';
import { type ProgramValues, programBody } from './program-rules';

export default function ProgramForm() {
  const { t } = useTranslation();
  const account = useAccount();
  const navigate = useNavigate();
  const organizations = useOrganizations();
  const lists = {
    needs: useCodes('needs'),
    pillars: useCodes('pillars'),
    kinds: useCodes('benefit_kinds'),
    periods: useCodes('benefit_periods'),
    modes: useCodes('access_modes'),
    classes: useCodes('overlap_classes'),
    units: useCodes('claim_units'),
  };
  const act = useAct();
  const summary = useRef<HTMLDivElement>(null);
  const own = organizationOf(account);
  const required = (value: string) => (value.trim() ? null : t('ui.required'));
  const form = useForm<ProgramValues>({
    initialValues: {
      code: '',
      name_id: '',
      name_en: '',
      organization_id: own ?? '',
      pillar: '',
      needs: [],
      access_mode: 'referral',
      kind: '',
      unit: 'person',
      value: '',
      period: 'once',
      overlap_class: '',
      claim_unit: 'person',
      legal_basis: '',
      how_to_apply: '',
    },
    validate: {
      code: required,
      name_id: required,
      organization_id: required,
      pillar: required,
      kind: required,
      needs: (value) => (value.length > 0 ? null : t('ui.required')),
      value: (value) => (parseMoney(value) === null ? t('funding.amount_wrong') : null),
    },
  });
  const labels: Record<string, string> = {
    code: t('programs.code'),
    name_id: t('programs.name_id'),
    organization_id: t('programs.organization'),
    pillar: t('programs.pillar'),
    needs: t('programs.needs'),
    kind: t('programs.benefit_kind'),
    value: t('programs.value'),
  };
  const failed = Object.keys(form.errors).length > 0;
  useEffect(() => {
    if (failed) summary.current?.focus();
  }, [failed]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (form.validate().hasErrors) return;
    await act.run(async (key) => {
      try {
        const body = programBody(form.getValues());
        const { data } = await call<Program>('/programs', { method: 'POST', body, key });
        await navigate({ to: `/programs/${data.id}` });
      } catch (error) {
        const found = fieldErrors(error);
        form.setErrors(
          Object.fromEntries(
            Object.entries(found).map(([field, text]) => [renamed[field] ?? field, text]),
          ),
        );
        throw error;
      }
    }, t('programs.create_done'));
  }

  return (
    <Page title={t('programs.new')}>
      <form
        onSubmit={(event) => void submit(event)}
        noValidate
        className="stack"
        style={{ maxWidth: 820 }}
      >
        {failed && (
          <div className="notice notice-bad" role="alert" tabIndex={-1} ref={summary}>
            <div className="notice-body">
              <span className="notice-title">{t('ui.errors_title')}</span>
              <ul style={{ margin: 0, paddingLeft: 20 }}>
                {Object.entries(form.errors).map(([field, text]) => (
                  <li key={field}>
                    <a href={`#program-${field}`}>
                      {labels[field] ?? field}: {String(text)}
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          </div>
        )}
        <ProblemNotice error={act.error} />
        <Card>
          <TextInput
            id="program-name_id"
            label={t('programs.name_id')}
            required
            {...form.getInputProps('name_id')}
          />
          <TextInput
            id="program-name_en"
            label={t('programs.name_en')}
            {...form.getInputProps('name_en')}
          />
          <TextInput
            id="program-code"
            label={t('programs.code')}
            description={t('programs.code_hint')}
            required
            {...form.getInputProps('code')}
            onChange={(event) =>
              form.setFieldValue('code', event.currentTarget.value.toUpperCase())
            }
          />
          <PickSelect
            id="program-organization_id"
            label={t('programs.organization')}
            required
            disabled={own !== null && !hasRole(account, 'coordinator')}
            options={organizations.options}
            {...form.getInputProps('organization_id')}
          />
          <PickSelect
            id="program-pillar"
            label={t('programs.pillar')}
            required
            options={lists.pillars.options}
            {...form.getInputProps('pillar')}
          />
          <Checkbox.Group
            id="program-needs"
            label={t('programs.needs')}
            required
            {...form.getInputProps('needs')}
          >
            <div className="check-grid">
              {lists.needs.options.map((need) => (
                <Checkbox key={need.value} value={need.value} label={need.label} />
              ))}
            </div>
          </Checkbox.Group>
        </Card>
        <Card title={t('programs.benefit')}>
          <PickSelect
            id="program-access_mode"
            label={t('programs.access')}
            required
            options={lists.modes.options}
            {...form.getInputProps('access_mode')}
          />
          <PickSelect
            id="program-kind"
            label={t('programs.benefit_kind')}
            required
            options={lists.kinds.options}
            {...form.getInputProps('kind')}
          />
          <TextInput
            id="program-value"
            label={t('programs.value')}
            required
            inputMode="numeric"
            placeholder="1.500.000"
            {...form.getInputProps('value')}
          />
          <PickSelect
            label={t('programs.period')}
            required
            options={lists.periods.options}
            {...form.getInputProps('period')}
          />
          <PickSelect
            label={t('programs.claim_unit')}
            required
            options={lists.units.options}
            {...form.getInputProps('claim_unit')}
          />
          <PickSelect
            id="program-overlap_class"
            label={`${t('programs.overlap')} (${t('ui.optional')})`}
            description={t('programs.overlap_hint')}
            options={lists.classes.options}
            {...form.getInputProps('overlap_class')}
          />
          <TextInput
            label={`${t('programs.legal_basis')} (${t('ui.optional')})`}
            {...form.getInputProps('legal_basis')}
          />
          <Textarea
            label={`${t('programs.how_to_apply')} (${t('ui.optional')})`}
            {...form.getInputProps('how_to_apply')}
          />
        </Card>
        <div className="row">
          <Button type="submit" loading={act.busy}>
            {t('programs.create')}
          </Button>
        </div>
      </form>
    </Page>
  );
}

const renamed: Record<string, string> = {
  'name.id': 'name_id',
  'name.en': 'name_en',
  'benefit.kind': 'kind',
  'benefit.value_idr': 'value',
  'benefit.unit': 'unit',
  'benefit.period': 'period',
};
