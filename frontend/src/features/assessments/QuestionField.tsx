// One question, answered in the way its kind asks for.
import { Checkbox, Radio, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Question } from '~/api/forms';
import { useLanguage } from '~/i18n';
import { DateInput } from '~/ui/fields';
import { formatMoney, formatNumber, parseMoney } from '~/ui/format';
import { refuse } from './evaluate';

const MAX_TEXT = 4000;

interface Props {
  question: Question;
  value: unknown;
  error: string | undefined;
  disabled: boolean;
  /** `null` takes the answer back; a refusal keeps it here and away from the server. */
  change: (value: unknown, refusal?: string) => void;
}

export function QuestionField(props: Props) {
  const { t } = useTranslation();
  const { question, value } = props;
  const answered = value !== undefined && value !== null && value !== '';
  // A choice once made cannot be unmade by its own control.
  const clearable = answered && ['yes_no', 'choice'].includes(question.kind);
  return (
    <div id={`q-${question.code}`} className="question">
      <Input {...props} />
      {clearable && !props.disabled && (
        <button type="button" className="clear-answer" onClick={() => props.change(null)}>
          {t('assessments.clear_answer')}
        </button>
      )}
    </div>
  );
}

function Input({ question, value, error, disabled, change }: Props) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const common = {
    label: name(question.text),
    required: question.required ?? false,
    error,
    ...(question.help ? { description: name(question.help) } : {}),
  };
  const options =
    question.kind === 'yes_no'
      ? [
          { value: 'true', label: t('ui.yes') },
          { value: 'false', label: t('ui.no') },
        ]
      : (question.options ?? []).map((option) => ({
          value: option.code,
          label: name(option.label),
        }));
  switch (question.kind) {
    case 'yes_no':
    case 'choice':
      return (
        <Radio.Group
          {...common}
          value={value === undefined || value === null ? '' : String(value)}
          onChange={(next) => change(question.kind === 'yes_no' ? next === 'true' : next)}
        >
          <div className={question.kind === 'yes_no' ? 'answers answers-short' : 'answers'}>
            {options.map((option) => (
              <Radio
                key={option.value}
                value={option.value}
                label={option.label}
                disabled={disabled}
              />
            ))}
          </div>
        </Radio.Group>
      );
    case 'choices':
      return (
        <Checkbox.Group
          {...common}
          value={Array.isArray(value) ? (value as string[]) : []}
          onChange={(next) => change(next.length > 0 ? next : null)}
        >
          <div className="answers">
            {options.map((option) => (
              <Checkbox
                key={option.value}
                value={option.value}
                label={option.label}
                disabled={disabled}
              />
            ))}
          </div>
        </Checkbox.Group>
      );
    case 'date':
      return (
        <DateInput
          {...common}
          disabled={disabled}
          value={typeof value === 'string' ? value : ''}
          onChange={(next) => change(next || null)}
        />
      );
    case 'integer':
    case 'money':
      return <NumberAnswer {...{ question, value, disabled, change, common }} />;
    default:
      return (
        <Typed
          shown={typeof value === 'string' ? value : ''}
          type={(text) => change(text.trim() === '' ? null : text)}
        >
          {(field) => (
            <Textarea
              {...common}
              {...field}
              autosize
              minRows={3}
              maxLength={MAX_TEXT}
              disabled={disabled}
            />
          )}
        </Typed>
      );
  }
}

function NumberAnswer({
  question,
  value,
  disabled,
  change,
  common,
}: Omit<Props, 'error'> & { common: { label: string; required: boolean } }) {
  const { t } = useTranslation();
  const money = question.kind === 'money';
  const bounds =
    typeof question.min === 'number' && typeof question.max === 'number'
      ? t('assessments.between', {
          min: formatNumber(question.min),
          max: formatNumber(question.max),
        })
      : undefined;
  function type(text: string) {
    if (text.trim() === '') return change(null);
    const number = money ? parseMoney(text) : /^-?\d+$/.test(text.trim()) ? Number(text) : null;
    change(number ?? text, refuse(question, number ?? text));
  }
  const shown = typeof value === 'number' && money ? formatMoney(value) : String(value ?? '');
  return (
    <Typed shown={shown} type={type}>
      {(field) => (
        <TextInput
          description={bounds}
          {...common}
          {...field}
          inputMode="numeric"
          autoComplete="off"
          disabled={disabled}
          className="number-answer"
        />
      )}
    </Typed>
  );
}

interface TypedField {
  value: string;
  onChange: (event: { currentTarget: { value: string } }) => void;
  onBlur: () => void;
}

/** While somebody types his own letters stand there, not what the server tidied them into. */
export function Typed({
  shown,
  type,
  children,
}: {
  shown: string;
  type: (text: string) => void;
  children: (field: TypedField) => React.ReactNode;
}) {
  const [typing, setTyping] = useState<string | null>(null);
  return children({
    value: typing ?? shown,
    onChange: (event) => {
      setTyping(event.currentTarget.value);
      type(event.currentTarget.value);
    },
    onBlur: () => setTyping(null),
  });
}
