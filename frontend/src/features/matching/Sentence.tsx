// The rule as the service reads it aloud, in the reader's language and, smaller, in the other.
import { useTranslation } from 'react-i18next';
import type { LocalizedText } from '~/api/types';
import { useLanguage } from '~/i18n';
import { Card } from '~/ui/page';
import { ProblemNotice } from '~/ui/states';
import type { RuleDraft } from './useRuleDraft';

export function BothLanguages({ text }: { text: LocalizedText }) {
  const { language } = useLanguage();
  const other = language === 'id' ? 'en' : 'id';
  return (
    <>
      <p className="rule-sentence" lang={language}>
        {text[language] ?? text.id}
      </p>
      {text[other] && (
        <p className="rule-sentence-other" lang={other}>
          {text[other]}
        </p>
      )}
    </>
  );
}

interface Props {
  draft: RuleDraft;
  stored: LocalizedText | null;
  version: number;
  edits: boolean;
}

export function Sentence({ draft, stored, version, edits }: Props) {
  const { t } = useTranslation();
  const text = edits ? (draft.check.data?.sentence ?? stored) : stored;
  const state = !edits
    ? ''
    : draft.empty
      ? ''
      : !draft.whole
        ? t('rule.lacks', { count: draft.lacks.length })
        : !draft.current
          ? t('rule.reading')
          : draft.sound
            ? t(draft.dirty ? 'rule.sound' : 'rule.unchanged')
            : t('rule.faulty', { count: draft.check.data?.errors.length ?? 0 });
  const tone = !draft.whole ? 'warn' : draft.current && !draft.sound ? 'bad' : 'good';
  return (
    <Card
      title={version > 0 && !draft.dirty ? t('rule.version_n', { n: version }) : t('rule.reads')}
    >
      {text && !draft.empty ? (
        <div className="rule-said" data-stale={(edits && !draft.current) || undefined}>
          <BothLanguages text={text} />
        </div>
      ) : (
        <p className="muted">{t(edits ? 'rule.nothing_said' : 'rule.none')}</p>
      )}
      <p role="status" className={`rule-state rule-state-${tone}`}>
        {state}
      </p>
      {draft.check.isError && <ProblemNotice error={draft.check.error} />}
    </Card>
  );
}
