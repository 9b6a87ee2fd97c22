// A household's assessments on its page, and the way to begin one.
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Assessment } from '~/api/forms';
import type { HouseholdDetail } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { formatInstant } from '~/ui/format';
import { Facts } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { AssessmentBadges, ScoreLine } from './assessment-bits';
import { BeginAssessment } from './BeginAssessment';

export function HouseholdAssessments({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const account = useAccount();
  const [beginning, setBeginning] = useState(false);
  const query = usePage<Assessment>(`/households/${household.id}/assessments`, { limit: 100 });
  const there = !['merged', 'dissolved'].includes(household.status);
  const mayBegin = there && hasRole(account, 'social_worker', 'village_operator');
  const rows = query.data?.data;
  return (
    <div className="stack">
      {mayBegin && (
        <div className="row">
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setBeginning(true)}
          >
            {t('assessments.begin')}
          </Button>
        </div>
      )}
      {rows === undefined || rows.length === 0 ? (
        <div className="card">
          {rows !== undefined ? (
            <Empty
              title={t('assessments.none_here')}
              why={t(mayBegin ? 'assessments.none_here_begin' : 'assessments.none_here_why')}
            />
          ) : query.isError ? (
            <ProblemState error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Loading />
          )}
        </div>
      ) : (
        rows.map((row) => (
          <article
            key={row.id}
            className="card card-pad stack"
            aria-label={name(row.instrument.name)}
          >
            <div className="spread">
              <div>
                <h2 className="card-title">
                  <Link to={`/assessments/${row.id}` as string}>{name(row.instrument.name)}</Link>
                </h2>
                <p className="muted small">
                  {row.subject.kind === 'household'
                    ? t('assessments.subject_household')
                    : row.subject_name}
                </p>
              </div>
              <AssessmentBadges assessment={row} />
            </div>
            <Facts
              items={[
                [t('assessments.author'), row.author_name],
                [t('ui.updated'), formatInstant(row.updated_at)],
                row.signed_at ? [t('assessments.signed_at'), formatInstant(row.signed_at)] : null,
                row.countersigned_at
                  ? [
                      t('assessments.countersigned'),
                      `${row.countersigned_by_name} · ${formatInstant(row.countersigned_at)}`,
                    ]
                  : null,
                row.scores.length > 0
                  ? [t('assessments.outcome'), <ScoreLine key="scores" assessment={row} />]
                  : null,
              ]}
            />
          </article>
        ))
      )}
      {beginning && <BeginAssessment household={household} close={() => setBeginning(false)} />}
    </div>
  );
}
