// One condition within the sentence: what it speaks of, how it compares, and with what.
import { useTranslation } from 'react-i18next';
import { word } from '~/i18n';
import { Choice, Many, NumberBox } from './bits';
import { FactCondition } from './FactCondition';
import type { Condition, What } from './rule-tree';
import { useProgramOptions, useVocabulary } from './vocabulary';

type Of<W extends What> = Extract<Condition, { what: W }>;
interface Props<W extends What> {
  is: Of<W>;
  onChange: (is: Condition) => void;
}

export function ConditionFields({
  is,
  subject,
  onChange,
}: {
  is: Condition;
  subject: 'household' | 'member';
  onChange: (is: Condition) => void;
}) {
  switch (is.what) {
    case 'fact':
      return <FactCondition is={is} subject={subject} onChange={onChange} />;
    case 'age':
      return <Age is={is} onChange={onChange} />;
    case 'decile':
      return <Decile is={is} onChange={onChange} />;
    case 'problem':
      return <HasProblem is={is} onChange={onChange} />;
    case 'receives':
      return <Receives is={is} onChange={onChange} />;
    case 'area':
      return <Area is={is} onChange={onChange} />;
  }
}

function Age({ is, onChange }: Props<'age'>) {
  const { t } = useTranslation();
  return (
    <>
      <span className="clause-word">{t('rule.age')}</span>
      <Choice
        label={t('rule.age')}
        value={is.test}
        options={(['under', 'from', 'between'] as const).map((value) => ({
          value,
          label: t(`rule.age_test.${value}`),
        }))}
        onChange={(test) => onChange({ ...is, test: test as Of<'age'>['test'] })}
      />
      <NumberBox
        label={t('rule.age_number')}
        value={is.a}
        onChange={(a) => onChange({ ...is, a })}
      />
      {is.test === 'between' && (
        <>
          <span className="clause-word">{t('rule.to')}</span>
          <NumberBox
            label={t('rule.age_upto')}
            value={is.b}
            onChange={(b) => onChange({ ...is, b })}
          />
        </>
      )}
      <Choice
        label={t('rule.unit')}
        value={is.unit}
        options={(['years', 'months'] as const).map((value) => ({
          value,
          label: t(`rule.age_unit.${value}`),
        }))}
        onChange={(unit) => onChange({ ...is, unit: unit as Of<'age'>['unit'] })}
      />
      {is.on && <span className="clause-word">{t('rule.age_on', { date: is.on })}</span>}
    </>
  );
}

const deciles = Array.from({ length: 10 }, (_, at) => ({
  value: String(at + 1),
  label: String(at + 1),
}));

function Decile({ is, onChange }: Props<'decile'>) {
  const { t } = useTranslation();
  const scopes = (['national', 'province', 'city'] as const).map((value) => ({
    value,
    label: t(`rule.decile_scope.${value}`),
  }));
  return (
    <>
      <span className="clause-word">{t('rule.decile')}</span>
      <Choice
        label={t('rule.decile_from')}
        value={String(is.min)}
        options={deciles}
        onChange={(min) => onChange({ ...is, min: Number(min) })}
      />
      <span className="clause-word">{t('rule.to')}</span>
      <Choice
        label={t('rule.decile_to')}
        value={String(is.max)}
        options={deciles}
        onChange={(max) => onChange({ ...is, max: Number(max) })}
      />
      <Choice
        label={t('rule.decile_of')}
        value={is.scope}
        options={scopes}
        onChange={(scope) => onChange({ ...is, scope })}
      />
    </>
  );
}

const statuses = [
  'candidate',
  'reported',
  'verified',
  'in_service',
  'partly_resolved',
  'resolved',
] as const;
const severities = ['low', 'medium', 'high', 'emergency'] as const;

function HasProblem({ is, onChange }: Props<'problem'>) {
  const { t } = useTranslation();
  const vocabulary = useVocabulary();
  return (
    <>
      <Choice
        label={t('rule.problem')}
        value={is.negated ? 'no' : 'yes'}
        options={[
          { value: 'yes', label: t('rule.problem_has') },
          { value: 'no', label: t('rule.problem_has_not') },
        ]}
        onChange={(value) => onChange({ ...is, negated: value === 'no' })}
      />
      <Many
        label={t('rule.problem_needs')}
        values={is.needs}
        options={vocabulary.needs}
        onChange={(needs) => onChange({ ...is, needs })}
      />
      <details className="clause-more">
        <summary>{t('rule.more')}</summary>
        <div className="clause-line">
          <Many
            label={t('rule.problem_ppks')}
            values={is.ppks}
            options={vocabulary.ppks}
            onChange={(ppks) => onChange({ ...is, ppks })}
          />
          <span className="clause-word">{t('rule.severity_least')}</span>
          <Choice
            label={t('rule.severity_least')}
            value={is.severity}
            options={severities.map((value) => ({ value, label: word('severity', value) }))}
            onChange={(severity) => onChange({ ...is, severity })}
          />
          <span className="clause-word">{t('rule.statuses')}</span>
          <Many
            label={t('rule.statuses')}
            values={is.statuses}
            options={statuses.map((value) => ({ value, label: word('problem_status', value) }))}
            onChange={(list) => onChange({ ...is, statuses: list })}
          />
        </div>
      </details>
    </>
  );
}

function Receives({ is, onChange }: Props<'receives'>) {
  const { t } = useTranslation();
  const vocabulary = useVocabulary();
  const programs = useProgramOptions();
  return (
    <>
      <Choice
        label={t('rule.receives')}
        value={is.negated ? 'no' : 'yes'}
        options={[
          { value: 'no', label: t('rule.receives_not') },
          { value: 'yes', label: t('rule.receives_yes') },
        ]}
        onChange={(value) => onChange({ ...is, negated: value === 'no' })}
      />
      <Many
        label={t('rule.receives_classes')}
        values={is.classes}
        options={vocabulary.classes}
        onChange={(classes) => onChange({ ...is, classes })}
      />
      <details className="clause-more" open={is.programs.length > 0 || is.days > 0 || undefined}>
        <summary>{t('rule.more')}</summary>
        <div className="clause-line">
          <Many
            label={t('rule.receives_programs')}
            values={is.programs}
            options={programs}
            onChange={(list) => onChange({ ...is, programs: list })}
          />
          <span className="clause-word">{t('rule.receives_days')}</span>
          <NumberBox
            label={t('rule.receives_days')}
            value={is.days}
            onChange={(days) => onChange({ ...is, days: days ?? 0 })}
          />
          <span className="clause-word">{t('rule.days')}</span>
        </div>
      </details>
    </>
  );
}

function Area({ is, onChange }: Props<'area'>) {
  const { t } = useTranslation();
  const vocabulary = useVocabulary();
  return (
    <>
      <Choice
        label={t('rule.area')}
        value={is.negated ? 'no' : 'yes'}
        options={[
          { value: 'yes', label: t('rule.area_in') },
          { value: 'no', label: t('rule.area_not') },
        ]}
        onChange={(value) => onChange({ ...is, negated: value === 'no' })}
      />
      <Many
        label={t('rule.area_which')}
        values={is.areas}
        options={vocabulary.regions}
        onChange={(areas) => onChange({ ...is, areas })}
      />
    </>
  );
}
