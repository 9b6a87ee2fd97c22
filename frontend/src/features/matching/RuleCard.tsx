// On a program's page: its rule in words, how it came to be so, and the way to where it is written.
import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allowed } from '~/ui/act';
import { formatDate } from '~/ui/format';
import { Card } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { BothLanguages } from './Sentence';
import type { ProgramRule } from './types';
import { VersionList } from './Versions';
import './matching.css';

export function RuleCard({ programId }: { programId: string }) {
  const { t } = useTranslation();
  const query = useResource<ProgramRule>(
    ['programs', programId, 'rule'],
    `/programs/${programId}/rule`,
  );
  const [history, setHistory] = useState(false);
  const rule = query.data?.data;
  if (!rule) {
    return (
      <Card title={t('rule.title')}>
        {query.isError ? <ProblemState error={query.error} /> : <Loading lines={2} />}
      </Card>
    );
  }
  const edits = allowed(rule.can, 'edit');
  return (
    <Card
      title={t('rule.title')}
      actions={
        <Button
          component={Link}
          to={`/programs/${programId}/rule`}
          variant="default"
          leftSection={edits && <IconPencil size={18} aria-hidden="true" />}
        >
          {t(edits ? (rule.rule ? 'rule.edit' : 'rule.write') : 'rule.look')}
        </Button>
      }
    >
      {rule.sentence ? (
        <>
          <BothLanguages text={rule.sentence} />
          <p className="muted small">
            {t('rule.version_n', { n: rule.version })} · {formatDate(rule.updated_at)}
          </p>
          <div>
            <Button
              variant="subtle"
              size="sm"
              aria-expanded={history}
              onClick={() => setHistory(!history)}
            >
              {t('rule.history')}
            </Button>
          </div>
          {history && <VersionList programId={programId} current={rule.version} />}
        </>
      ) : (
        <p className="muted">{t('rule.none')}</p>
      )}
    </Card>
  );
}
