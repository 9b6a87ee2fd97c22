// Small inputs of a condition: they stand within a sentence, so their labels are for ears only.
import { MultiSelect, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Option } from '~/api/reference';
import { formatNumber, parseMoney } from '~/ui/format';

interface ChoiceProps {
  label: string;
  value: string;
  options: (Option | { group: string; items: Option[] })[];
  onChange: (value: string) => void;
}

export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <NativeSelect
      aria-label={label}
      className="clause-choice"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={options}
    />
  );
}

interface NumberProps {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  money?: boolean;
}

export function NumberBox({ label, value, onChange, money = false }: NumberProps) {
  return (
    <TextInput
      aria-label={label}
      className={money ? 'clause-money' : 'clause-number'}
      inputMode="numeric"
      autoComplete="off"
      value={value === null ? '' : money ? formatNumber(value) : String(value)}
      onChange={(event) => {
        const number = parseMoney(event.currentTarget.value);
        onChange(event.currentTarget.value.trim() === '' ? null : (number ?? value));
      }}
    />
  );
}

interface ManyProps {
  label: string;
  values: string[];
  options: Option[];
  onChange: (values: string[]) => void;
}

export function Many({ label, values, options, onChange }: ManyProps) {
  const { t } = useTranslation();
  return (
    <MultiSelect
      aria-label={label}
      className="clause-many"
      data={options}
      value={values}
      onChange={onChange}
      searchable
      hidePickedOptions
      clearButtonProps={{ 'aria-label': t('rule.clear', { what: label }) }}
      {...(values.length === 0 ? { placeholder: label } : {})}
      nothingFoundMessage={t('rule.nothing_found')}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
