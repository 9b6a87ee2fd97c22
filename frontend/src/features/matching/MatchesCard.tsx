// On a program's page: how many it reaches, how much is unknown, and the way to who they are.
import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '~/ui/format';
import { Card } from '~/ui/page';
import { useResource } from '~/ui/useResource';
import { CountTiles } from './CountTiles';
import type { MatchCounts } from './types';
import './matching.css';

export function MatchesCard({ programId }: { programId: string }) {
  const { t } = useTranslation();
  const query = useResource<MatchCounts>(
    ['programs', programId, 'match-counts'],
    `/programs/${programId}/match-counts`,
  );
  // Whoever may not count, and a program without a rule, have nothing to see here.
  const counts = query.data?.data;
  if (!counts || counts.evaluated_at === null) return null;
  return (
    <Card
      title={t('match.reaches')}
      actions={
        <Button
          component={Link}
          to={`/programs/${programId}/matches`}
          variant="default"
          leftSection={<IconUsers size={18} aria-hidden="true" />}
        >
          {t('match.open')}
        </Button>
      }
    >
      <CountTiles counts={counts} />
      <p className="muted small">
        {t('match.evaluated', {
          at: formatInstant(counts.evaluated_at),
          n: counts.rule_version ?? 0,
        })}
      </p>
    </Card>
  );
}
