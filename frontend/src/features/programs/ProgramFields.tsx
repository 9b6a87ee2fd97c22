// The fields of a program, the same for a new one and an edited one, with the summary of what is
// wrong in front of them.
import { Checkbox, MultiSelect, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes, useOrganizations, useRegions } from '~/api/reference';
import { PickSelect } from '~/ui/fields';
import { parseMoney } from '~/ui/format';
import { Card } from '~/ui/page';
import { type ProgramValues, readTiers } from './program-rules';

export type ProgramFormType = UseFormReturnType<ProgramValues>;

export function useProgramChecks() {
  const { t } = useTranslation();
  const required = (value: string) => (value.trim() ? null : t('ui.required'));
  return {
    code: required,
    name_id: required,
    organization_id: required,
    pillar: required,
    kind: required,
    period: required,
    claim_unit: required,
    needs: (value: string[]) => (value.length > 0 ? null : t('ui.required')),
    tiers: (value: string) => (readTiers(value) === null ? t('programs.tiers_wrong') : null),
    value: (value: string) => (parseMoney(value) === null ? t('funding.amount_wrong') : null),
  };
}

export function useProgramLabels(): Record<keyof ProgramValues, string> {
  const { t } = useTranslation();
  return {
    code: t('programs.code'),
    name_id: t('programs.name_id'),
    name_en: t('programs.name_en'),
    description_id: t('programs.description_id'),
    description_en: t('programs.description_en'),
    organization_id: t('programs.organization'),
    pillar: t('programs.pillar'),
    needs: t('programs.needs'),
    access_mode: t('programs.access'),
    kind: t('programs.benefit_kind'),
    unit: t('programs.unit'),
    value: t('programs.value'),
    period: t('programs.period'),
    tiers: t('programs.tiers'),
    overlap_class: t('programs.overlap'),
    claim_unit: t('programs.claim_unit'),
    areas: t('programs.areas'),
    documents: t('programs.documents'),
    legal_basis: t('programs.legal_basis'),
    how_to_apply: t('programs.how_to_apply'),
  };
}

/** What is wrong, as links to the fields; takes the focus when it appears. */
export function ErrorSummary({ form }: { form: ProgramFormType }) {
  const { t } = useTranslation();
  const labels: Record<string, string> = useProgramLabels();
  const summary = useRef<HTMLDivElement>(null);
  const failed = Object.keys(form.errors).length > 0;
  useEffect(() => {
    if (failed) summary.current?.focus();
  }, [failed]);
  if (!failed) return null;
  return (
    <div className="notice notice-bad" role="alert" tabIndex={-1} ref={summary}>
      <div className="notice-body">
        <span className="notice-title">{t('ui.errors_title')}</span>
        <ul className="error-list">
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
  );
}

interface Props {
  form: ProgramFormType;
  /** Code and organization are for ever. */
  editing?: boolean;
  fixedOrganization?: boolean;
}

export function ProgramFields({ form, editing = false, fixedOrganization = false }: Props) {
  const { t } = useTranslation();
  const labels = useProgramLabels();
  const organizations = useOrganizations();
  const regions = useRegions();
  const lists = {
    needs: useCodes('needs'),
    pillars: useCodes('pillars'),
    kinds: useCodes('benefit_kinds'),
    periods: useCodes('benefit_periods'),
    modes: useCodes('access_modes'),
    classes: useCodes('overlap_classes'),
    units: useCodes('claim_units'),
    documents: useCodes('documents'),
  };
  const optional = (name: keyof ProgramValues) => `${labels[name]} (${t('ui.optional')})`;
  const field = (name: keyof ProgramValues) => ({
    id: `program-${name}`,
    ...form.getInputProps(name),
  });
  return (
    <>
      <Card>
        <TextInput label={labels.name_id} required maxLength={200} {...field('name_id')} />
        <TextInput label={optional('name_en')} maxLength={200} {...field('name_en')} />
        <TextInput
          label={labels.code}
          description={t('programs.code_hint')}
          required
          disabled={editing}
          {...field('code')}
          onChange={(event) => form.setFieldValue('code', event.currentTarget.value.toUpperCase())}
        />
        <PickSelect
          label={labels.organization_id}
          required
          disabled={editing || fixedOrganization}
          options={organizations.options}
          {...field('organization_id')}
        />
        <Textarea label={optional('description_id')} autosize {...field('description_id')} />
        <Textarea label={optional('description_en')} autosize {...field('description_en')} />
        <PickSelect
          label={labels.pillar}
          required
          options={lists.pillars.options}
          {...field('pillar')}
        />
        <Checkbox.Group label={labels.needs} required {...field('needs')}>
          <div className="check-grid">
            {lists.needs.options.map((need) => (
              <Checkbox key={need.value} value={need.value} label={need.label} />
            ))}
          </div>
        </Checkbox.Group>
        <MultiSelect
          label={optional('areas')}
          description={t('programs.areas_hint')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('programs.areas_clear') }}
          nothingFoundMessage={t('programs.areas_none')}
          data={[...regions.options('kecamatan'), ...regions.kelurahan]}
          limit={60}
          {...field('areas')}
        />
      </Card>
      <Card title={t('programs.benefit')}>
        <PickSelect
          label={labels.access_mode}
          required
          options={lists.modes.options}
          {...field('access_mode')}
        />
        <PickSelect label={labels.kind} required options={lists.kinds.options} {...field('kind')} />
        <TextInput
          label={labels.value}
          required
          inputMode="numeric"
          placeholder="1.500.000"
          {...field('value')}
        />
        <PickSelect
          label={labels.period}
          required
          options={lists.periods.options}
          {...field('period')}
        />
        <Textarea
          label={optional('tiers')}
          description={t('programs.tiers_hint')}
          autosize
          {...field('tiers')}
        />
        <TextInput
          label={optional('unit')}
          description={t('programs.unit_hint')}
          maxLength={40}
          {...field('unit')}
        />
        <PickSelect
          label={labels.claim_unit}
          required
          options={lists.units.options}
          {...field('claim_unit')}
        />
        <PickSelect
          label={optional('overlap_class')}
          description={t('programs.overlap_hint')}
          options={lists.classes.options}
          {...field('overlap_class')}
        />
      </Card>
      <Card title={t('programs.ways')}>
        <Checkbox.Group label={optional('documents')} {...field('documents')}>
          <div className="check-grid">
            {lists.documents.options.map((document) => (
              <Checkbox key={document.value} value={document.value} label={document.label} />
            ))}
          </div>
        </Checkbox.Group>
        <TextInput label={optional('legal_basis')} maxLength={1000} {...field('legal_basis')} />
        <Textarea
          label={optional('how_to_apply')}
          autosize
          minRows={2}
          maxLength={4000}
          {...field('how_to_apply')}
        />
      </Card>
    </>
  );
}
