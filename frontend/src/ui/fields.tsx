// Inputs that many screens need in the same form.
import { NativeSelect, type NativeSelectProps, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Option } from '~/api/reference';

interface FilterProps {
  label: string;
  value: string | number | undefined;
  options: Option[];
  onChange: (value: string | undefined) => void;
  width?: number;
}

/** A filter above a list; its first entry removes it. */
export function FilterSelect({ label, value, options, onChange, width = 190 }: FilterProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={label}
      w={width}
      maw="100%"
      value={value === undefined ? '' : String(value)}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      data={[{ value: '', label: t('ui.all') }, ...options]}
    />
  );
}

interface PickProps extends Omit<NativeSelectProps, 'data' | 'onChange' | 'value'> {
  /** Left open because form libraries hand out their inputs with an optional value. */
  value?: string;
  options: Option[];
  onChange: (value: string) => void;
}

/** A choice in a form; starts with nothing chosen. */
export function PickSelect({ options, value, onChange, ...rest }: PickProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      {...rest}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: '', label: t('ui.choose') }, ...options]}
    />
  );
}

export function DateInput(props: {
  label: string;
  value?: string;
  onChange: (value: string) => void;
  error?: React.ReactNode;
  required?: boolean;
  max?: string;
  min?: string;
  description?: string;
  disabled?: boolean;
}) {
  const { onChange, ...rest } = props;
  return (
    <TextInput {...rest} type="date" onChange={(event) => onChange(event.currentTarget.value)} />
  );
}
