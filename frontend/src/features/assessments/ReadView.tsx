// An assessment nobody fills in any more, or that somebody else fills in: what was answered, what it
// amounts to, who answers for it.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Assessment, Instrument, Question } from '~/api/forms';
import { useAccount } from '~/app/account';
import { useLanguage, word } from '~/i18n';
import { formatDate, formatInstant, formatMoney, formatNumber } from '~/ui/format';
import { Card, Facts } from '~/ui/page';
import { Notice } from '~/ui/states';
import { Scores } from './assessment-bits';
import { askedNow, given } from './evaluate';
import { Recommend } from './Recommend';

interface Props {
  assessment: Assessment;
  instrument: Instrument;
}

export function ReadView({ assessment, instrument }: Props) {
  const { t } = useTranslation();
  const evaluation = assessment.evaluation;
  return (
    <div className="assessment">
      <div className="stack">
        {assessment.status === 'returned' && assessment.return_reason && (
          <Notice tone="warn" title={t('assessments.returned_because')}>
            <p>{assessment.return_reason}</p>
          </Notice>
        )}
        <Signature assessment={assessment} />
        {assessment.answers ? (
          <AnswersRead assessment={assessment} instrument={instrument} />
        ) : (
          <Card title={t('assessments.answers')}>
            <p className="muted">{t('assessments.answers_hidden')}</p>
          </Card>
        )}
        <Card title={t('assessments.recommended')}>
          <Recommend
            evaluation={evaluation ?? { progress: [], scores: [], findings: [] }}
            recommended={assessment.recommended}
          />
        </Card>
        {assessment.conclusion && (
          <Card title={t('assessments.conclusion')}>
            <p className="wrap-any keep-lines">{assessment.conclusion}</p>
          </Card>
        )}
      </div>
      <aside className="assessment-side" aria-label={t('assessments.result')}>
        <Card title={t('assessments.result')}>
          {evaluation && evaluation.scores.length > 0 ? (
            <Scores evaluation={evaluation} />
          ) : (
            <p className="muted">{t('assessments.no_scores')}</p>
          )}
        </Card>
        {assessment.effects && assessment.effects.length > 0 && (
          <Card title={t('assessments.effects')}>
            <ul className="effects">
              {assessment.effects.map((one) => (
                <li key={one.problem_id}>
                  <Link to={`/problems/${one.problem_id}` as string}>
                    {t('assessments.open_problem')}
                  </Link>{' '}
                  <span className="muted">{word('assessment_effect', one.effect)}</span>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </aside>
    </div>
  );
}

function Signature({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation();
  const account = useAccount();
  if (!assessment.signed_at) {
    return <Notice title={t('assessments.being_filled', { name: assessment.author_name })} />;
  }
  const second = assessment.countersigned_at
    ? `${
        assessment.countersigned_by === account.id
          ? t('assessments.by_you')
          : assessment.countersigned_by_name
      } · ${formatInstant(assessment.countersigned_at)}`
    : t(
        assessment.kind === 'screening'
          ? 'assessments.not_needed'
          : assessment.status === 'signed'
            ? 'assessments.waits_for_second'
            : 'assessments.never_came',
      );
  return (
    <Card title={t('assessments.signature')}>
      <Facts
        items={[
          [t('assessments.signed_by'), assessment.author_name],
          [t('assessments.signed_at'), formatInstant(assessment.signed_at)],
          assessment.kind === 'assessment' ? [t('assessments.str'), assessment.str_number] : null,
          assessment.kind === 'assessment'
            ? [t('assessments.str_until'), formatDate(assessment.str_valid_until)]
            : null,
          [t('assessments.countersigned'), second],
        ]}
      />
    </Card>
  );
}

function AnswersRead({ assessment, instrument }: Props) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const definition = instrument.definition ?? { sections: [] };
  const answers = assessment.answers ?? {};
  const asked = askedNow(definition, answers);
  const say = (question: Question) => {
    const value = answers[question.code];
    if (!given(value)) return t('assessments.unanswered');
    const option = (code: unknown) =>
      name(question.options?.find((one) => one.code === code)?.label) || String(code);
    switch (question.kind) {
      case 'yes_no':
        return t(value ? 'ui.yes' : 'ui.no');
      case 'choice':
        return option(value);
      case 'choices':
        return (value as unknown[]).map(option).join(', ');
      case 'integer':
        return formatNumber(value as number);
      case 'money':
        return formatMoney(value as number);
      case 'date':
        return formatDate(value as string);
      default:
        return String(value);
    }
  };
  return definition.sections.map((section) => {
    const questions = section.questions.filter((question) => asked.has(question.code));
    if (questions.length === 0) return null;
    return (
      <Card key={section.code} title={name(section.title)}>
        <dl className="answers-read">
          {questions.map((question) => (
            <div key={question.code}>
              <dt>{name(question.text)}</dt>
              <dd className="wrap-any keep-lines">{say(question)}</dd>
            </div>
          ))}
        </dl>
      </Card>
    );
  });
}
