// A fact against a value: the input follows the fact's type, its unit stands behind it.
import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Choice, Many, NumberBox } from './bits';
import type { Condition, FactTest, Literal } from './rule-tree';
import type { RuleFact } from './types';
import { useVocabulary } from './vocabulary';

type Fact = Extract<Condition, { what: 'fact' }>;

const tests: Record<RuleFact['kind'], FactTest[]> = {
  bool: ['is'],
  code: ['is', 'is_not'],
  int: ['ge', 'le', 'eq', 'gt', 'lt', 'between'],
  money: ['ge', 'le', 'eq', 'gt', 'lt', 'between'],
  date: ['ge', 'le'],
};

/** How a condition about this fact starts. */
function start(fact: RuleFact | undefined): Pick<Fact, 'test' | 'values'> {
  if (!fact || fact.kind === 'code') return { test: 'is', values: [] };
  if (fact.kind === 'bool') return { test: 'is', values: [true] };
  return { test: 'ge', values: [null] };
}

export function FactCondition({
  is,
  subject,
  onChange,
}: {
  is: Fact;
  subject: 'household' | 'member';
  onChange: (is: Condition) => void;
}) {
  const { t } = useTranslation();
  const vocabulary = useVocabulary();
  const fact = vocabulary.facts.get(is.fact);
  const own = fact?.subject === subject;
  const groups = vocabulary.choices(subject).map(({ theme, items }) => ({
    group: t(`rule.themes.${theme as 'house'}`),
    items,
  }));
  return (
    <>
      <Choice
        label={t('rule.fact')}
        value={is.fact}
        options={[
          { value: '', label: t('ui.choose') },
          // A fact of the other subject, or one retired since, is still shown where a rule names it.
          ...(is.fact && !own ? [{ value: is.fact, label: vocabulary.label(is.fact) }] : []),
          ...groups,
        ]}
        onChange={(name) =>
          onChange({ what: 'fact', fact: name, ...start(vocabulary.facts.get(name)) })
        }
      />
      {fact && <Value is={is} fact={fact} onChange={onChange} />}
    </>
  );
}

function Value({
  is,
  fact,
  onChange,
}: {
  is: Fact;
  fact: RuleFact;
  onChange: (is: Condition) => void;
}) {
  const { t } = useTranslation();
  const vocabulary = useVocabulary();
  const known = tests[fact.kind];
  const offered = known.includes(is.test) ? known : [...known, is.test];
  const set = (values: (Literal | null)[]) => onChange({ ...is, values });
  const label = vocabulary.label(fact.name);
  const compares = offered.length > 1 && (
    <Choice
      label={t('rule.how', { fact: label })}
      value={is.test}
      options={offered.map((value) => ({
        value,
        label:
          fact.kind === 'date'
            ? t(`rule.date_test.${value as 'ge'}`)
            : t(`rule.test.${value as 'ge'}`),
      }))}
      onChange={(test) =>
        onChange({
          ...is,
          test: test as FactTest,
          values:
            test === 'between' ? [is.values[0] ?? null, null] : is.values.slice(0, codes(fact)),
        })
      }
    />
  );
  if (fact.kind === 'bool') {
    return (
      <Choice
        label={t('rule.value', { fact: label })}
        value={String(is.values[0])}
        options={[
          { value: 'true', label: t('ui.yes') },
          { value: 'false', label: t('ui.no') },
        ]}
        onChange={(value) => set([value === 'true'])}
      />
    );
  }
  if (fact.kind === 'code') {
    return (
      <>
        {compares}
        <Many
          label={t('rule.value', { fact: label })}
          values={is.values.map(String)}
          options={vocabulary.codes(fact.name)}
          onChange={set}
        />
      </>
    );
  }
  if (fact.kind === 'date') {
    return (
      <>
        {compares}
        <TextInput
          type="date"
          aria-label={t('rule.value', { fact: label })}
          value={String(is.values[0] ?? '')}
          onChange={(event) => set([event.currentTarget.value || null])}
        />
      </>
    );
  }
  const numbers = is.values.map((value) => (typeof value === 'number' ? value : null));
  const money = fact.kind === 'money';
  return (
    <>
      {compares}
      {money && <span className="clause-word">Rp</span>}
      <NumberBox
        label={t('rule.value', { fact: label })}
        money={money}
        value={numbers[0] ?? null}
        onChange={(first) => set([first, ...is.values.slice(1)])}
      />
      {is.test === 'between' && (
        <>
          <span className="clause-word">{t('rule.to')}</span>
          <NumberBox
            label={t('rule.value_to', { fact: label })}
            money={money}
            value={numbers[1] ?? null}
            onChange={(second) => set([is.values[0] ?? null, second])}
          />
        </>
      )}
      {fact.unit && <span className="clause-word">{t(`rule.units.${fact.unit as 'm2'}`)}</span>}
    </>
  );
}

/** How many values stay when the comparison changes. */
const codes = (fact: RuleFact) => (fact.kind === 'code' ? undefined : 1);
