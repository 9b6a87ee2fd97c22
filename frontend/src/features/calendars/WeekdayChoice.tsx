import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { word } from '~/i18n';
import { weekdays } from './types';

export function WeekdayChoice(props: {
  value: string[];
  onChange: (value: string[]) => void;
  error?: string | undefined;
}) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group
      label={t('office.working')}
      required
      value={props.value}
      error={props.error}
      onChange={(value) => props.onChange([...value].sort())}
    >
      <div className="row">
        {weekdays.map((day) => (
          <Checkbox key={day} value={day} label={word('weekday', day)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}

/** Working weekdays in words, Monday first. */
export function weekdayText(days: readonly number[]): string {
  return [...days]
    .sort((a, b) => a - b)
    .map((day) => word('weekday', String(day)))
    .join(', ');
}
