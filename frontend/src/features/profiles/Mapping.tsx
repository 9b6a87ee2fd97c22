// The headings of a sample with what they are taken for, and the values that are codes.
import { useTranslation } from 'react-i18next';
import { type Option, useCodes } from '~/api/reference';
import { word } from '~/i18n';
import { PickSelect } from '~/ui/fields';
import { Card } from '~/ui/page';
import {
  type Choice,
  type Choices,
  type Faults,
  listOf,
  type Sample,
  type SampleColumn,
} from './types';

interface Props {
  sample: Sample;
  choices: Choices;
  faults: Faults['rows'];
  choose: (key: string, choice: Choice) => void;
}

export function Mapping({ sample, choices, faults, choose }: Props) {
  const { t } = useTranslation();
  const variables = sample.variables
    .map((value): Option => ({ value, label: word('profile_variable', value) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <Card title={t('profiles.mapping')}>
      <p className="muted small">{t('profiles.mapping_lead')}</p>
      <ul className="mapping">
        {sample.columns.map((column) => (
          <Heading
            key={`${column.key}:${column.heading}`}
            column={column}
            variables={variables}
            choice={choices[column.key] ?? { variable: '', codes: {} }}
            faults={faults[column.key] ?? []}
            choose={(choice) => choose(column.key, choice)}
          />
        ))}
      </ul>
    </Card>
  );
}

function Heading(props: {
  column: SampleColumn;
  variables: Option[];
  choice: Choice;
  faults: Faults['rows'][string];
  choose: (choice: Choice) => void;
}) {
  const { t } = useTranslation();
  const { column, choice, faults } = props;
  const list = listOf(choice.variable);
  const general = faults.filter((fault) => fault.member !== 'codes' || fault.value === null);
  return (
    <li>
      <div className="mapping-heading">
        <span className="strong wrap-any">{column.heading}</span>
        <span className="muted small">{word('profile_look', column.look)}</span>
        {column.samples.length > 0 && (
          <span className="mapping-samples small wrap-any">{column.samples.join(' · ')}</span>
        )}
      </div>
      <div className="stack">
        <PickSelect
          label={t('profiles.reads', { heading: column.heading })}
          value={choice.variable}
          options={props.variables}
          description={choice.variable ? undefined : t('profiles.unread')}
          onChange={(variable) => props.choose({ variable, codes: {} })}
          error={general.map((fault) => word('field', fault.code)).join(' ') || undefined}
        />
        {list && column.look === 'code' && (
          <Values
            list={list}
            values={column.samples}
            choice={choice}
            faults={faults}
            choose={props.choose}
          />
        )}
      </div>
    </li>
  );
}

function Values(props: {
  list: string;
  values: string[];
  choice: Choice;
  faults: Faults['rows'][string];
  choose: (choice: Choice) => void;
}) {
  const { t } = useTranslation();
  const codes = useCodes(props.list);
  const { choice, faults } = props;
  return (
    <fieldset className="mapping-values">
      <legend className="small">{t('profiles.values')}</legend>
      {props.values.map((value) => {
        const fault = faults.find(
          (one) =>
            one.member === 'codes' && one.value?.toLowerCase() === value.slice(0, 40).toLowerCase(),
        );
        return (
          <PickSelect
            key={value}
            label={value}
            value={choice.codes[value] ?? ''}
            options={codes.options}
            onChange={(code) =>
              props.choose({ ...choice, codes: { ...choice.codes, [value]: code } })
            }
            error={fault && word('field', fault.code)}
          />
        );
      })}
    </fieldset>
  );
}
