// A condition of a form as a person would say it.
import { useTranslation } from 'react-i18next';
import type { Condition, Definition } from '~/api/forms';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';

export function useConditionText(definition: Definition): (condition: Condition) => string {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const questions = new Map(
    definition.sections.flatMap((section) =>
      section.questions.map((question) => [question.code, question] as const),
    ),
  );
  const text = (code: string) => name(questions.get(code)?.text) || code;
  const score = (code: string) =>
    name(definition.scores?.find((one) => one.code === code)?.name) || code;

  function say(condition: Condition): string {
    switch (condition.op) {
      case 'yes':
      case 'no':
        return t('instruments.cond.is', {
          question: text(condition.question),
          answer: t(condition.op === 'yes' ? 'ui.yes' : 'ui.no'),
        });
      case 'any_of': {
        const options = questions.get(condition.question)?.options ?? [];
        const names = condition.codes.map(
          (code) => name(options.find((option) => option.code === code)?.label) || code,
        );
        return t('instruments.cond.is', {
          question: text(condition.question),
          answer: names.join(` ${t('instruments.cond.or')} `),
        });
      }
      case 'at_least':
        return t('instruments.cond.at_least', {
          question: text(condition.question),
          n: formatNumber(condition.number),
        });
      case 'at_most':
        return t('instruments.cond.at_most', {
          question: text(condition.question),
          n: formatNumber(condition.number),
        });
      case 'score_at_least':
        return t('instruments.cond.at_least', {
          question: score(condition.score),
          n: formatNumber(condition.points),
        });
      case 'all':
        return joined(condition.conditions, t('instruments.cond.and'));
      case 'any':
        return joined(condition.conditions, t('instruments.cond.or'));
      case 'not':
        return t('instruments.cond.not', { what: say(condition.condition) });
    }
  }
  const joined = (list: Condition[], between: string) =>
    list.length === 1 && list[0] ? say(list[0]) : `(${list.map(say).join(` ${between} `)})`;
  return say;
}
