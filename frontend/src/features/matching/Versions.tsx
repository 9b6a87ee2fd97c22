// Every rule that was ever in force here, newest first: who wrote it and why, and what tells it from the one before.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LocalizedText } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatInstant } from '~/ui/format';
import { Card } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import type { Clause } from './rule-tree';
import { BothLanguages } from './Sentence';
import type { RuleVersion } from './types';

interface Props {
  programId: string;
  current: number;
  /** Takes a version's rule into the builder. */
  take?: (rule: Clause) => void;
}

export function Versions(props: Props) {
  const { t } = useTranslation();
  if (props.current === 0) return null;
  return (
    <Card title={t('rule.versions')}>
      <VersionList {...props} />
    </Card>
  );
}

export function VersionList({ programId, current, take }: Props) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(10);
  const query = usePage<RuleVersion>(`/programs/${programId}/rule/versions`, { limit });
  if (query.data === undefined) {
    if (!query.isError) return <Loading lines={3} />;
    return <ProblemState error={query.error} retry={() => void query.refetch()} />;
  }
  return (
    <>
      <ol className="timeline">
        {query.data.data.map((version) => (
          <li key={version.version}>
            <Version version={version} current={current} take={take} />
          </li>
        ))}
      </ol>
      {query.data.page.has_more && (
        <div>
          <Button variant="default" onClick={() => setLimit(100)}>
            {t('list.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function Version({
  version,
  current,
  take,
}: {
  version: RuleVersion;
  current: number;
  take: Props['take'] | undefined;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(version.difference === null);
  const number = t('rule.version_n', { n: version.version });
  const { difference } = version;
  return (
    <div className="stack rule-version">
      <p>
        <span className="strong">{number}</span>
        {version.version === current && <span className="muted"> · {t('rule.in_force')}</span>}
        <span className="muted small">
          {' '}
          · {formatInstant(version.created_at)}
          {version.author_name && ` · ${version.author_name}`}
        </span>
      </p>
      {version.note && <p className="wrap-any">{version.note}</p>}
      {difference && (
        <dl className="rule-difference">
          <Conditions title={t('rule.condition_removed')} texts={difference.removed} sign="−" />
          <Conditions title={t('rule.condition_added')} texts={difference.added} sign="+" />
        </dl>
      )}
      {open &&
        (version.sentence ? (
          <BothLanguages text={version.sentence} />
        ) : (
          <p className="muted">{t('rule.unreadable')}</p>
        ))}
      <div className="row">
        {difference && (
          <Button variant="default" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'rule.hide' : 'rule.show')}
            <span className="sp-visually-hidden"> {number}</span>
          </Button>
        )}
        {take && version.version !== current && (
          <Button
            variant="subtle"
            size="sm"
            onClick={() => {
              take(version.rule);
              window.scrollTo({ top: 0 });
            }}
          >
            {t('rule.take')}
            <span className="sp-visually-hidden"> {number}</span>
          </Button>
        )}
      </div>
    </div>
  );
}

/** Conditions that came or went, in the reader's language. */
function Conditions({
  title,
  texts,
  sign,
}: {
  title: string;
  texts: LocalizedText[];
  sign: string;
}) {
  const { language } = useLanguage();
  if (texts.length === 0) return null;
  return (
    <div>
      <dt>{title}</dt>
      {texts.map((text) => (
        <dd key={text.id} data-sign={sign}>
          {text[language] ?? text.id}
        </dd>
      ))}
    </div>
  );
}
