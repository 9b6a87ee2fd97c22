// Every rule that was ever in force here, newest first, with the reason it was changed for.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { formatInstant } from '~/ui/format';
import { Card } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import type { Clause } from './rule-tree';
import { BothLanguages } from './Sentence';
import type { RuleCheck, RuleVersion } from './types';

interface Props {
  programId: string;
  current: number;
  /** Takes a version's rule into the builder. */
  take?: (rule: Clause) => void;
}

export function Versions({ programId, current, take }: Props) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(10);
  const query = usePage<RuleVersion>(`/programs/${programId}/rule/versions`, { limit });
  if (current === 0) return null;
  return (
    <Card title={t('rule.versions')}>
      {query.data === undefined ? (
        query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={3} />
        )
      ) : (
        <ol className="timeline">
          {query.data.data.map((version) => (
            <li key={version.version}>
              <Version programId={programId} version={version} current={current} take={take} />
            </li>
          ))}
        </ol>
      )}
      {query.data?.page.has_more && (
        <div>
          <Button variant="default" onClick={() => setLimit(100)}>
            {t('list.more')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Version({
  programId,
  version,
  current,
  take,
}: {
  programId: string;
  version: RuleVersion;
  current: number;
  take: Props['take'] | undefined;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const check = useQuery({
    queryKey: ['rule-version', programId, version.version],
    queryFn: ({ signal }) =>
      call<RuleCheck>(`/programs/${programId}/rule/check`, {
        method: 'POST',
        body: { rule: version.rule },
        signal,
      }).then((answer) => answer.data),
    enabled: open,
    staleTime: 10 * 60_000,
  });
  const number = t('rule.version_n', { n: version.version });
  return (
    <div className="stack rule-version">
      <p>
        <span className="strong">{number}</span>
        {version.version === current && <span className="muted"> · {t('rule.in_force')}</span>}
        <span className="muted small"> · {formatInstant(version.created_at)}</span>
      </p>
      {version.note && <p className="wrap-any">{version.note}</p>}
      <div className="row">
        <Button variant="default" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'rule.hide' : 'rule.show')}
          <span className="sp-visually-hidden"> {number}</span>
        </Button>
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
      {open &&
        (check.data?.sentence ? (
          <BothLanguages text={check.data.sentence} />
        ) : check.isError ? (
          <ProblemState error={check.error} />
        ) : (
          <Loading lines={1} />
        ))}
    </div>
  );
}
