// One decision: what and why, what the person said, and the next step.
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { download } from '~/api/http';
import { useCodes, useRegions } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatDate, formatInstant } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { Empty, Notice, ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { DecisionActions } from './DecisionActions';
import { type Decision, statuses } from './types';

export function DecisionPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const regions = useRegions();
  const reasons = useCodes('decision_reasons');
  const act = useAct();
  const query = useResource<Decision>(['decisions', id], `/decisions/${id}`);
  const decision = query.data?.data;
  if (!decision) return <RecordState query={query} back={t('places.decisions')} />;
  const status = statuses.find((value) => value === decision.status);
  return (
    <Page
      back={t('places.decisions')}
      title={`${word('decision_effect', decision.effect)}: ${name(decision.about)}`}
      lead={decision.subject_name || t('problems.subject_household')}
      actions={<DecisionActions decision={decision} />}
    >
      <Card>
        <div className="spread">
          <StatusBadge group="decision_status" value={decision.status} />
          <div className="row">
            {decision.notified_at && (
              <Button
                variant="default"
                leftSection={<IconDownload size={18} aria-hidden="true" />}
                loading={act.busy}
                onClick={() =>
                  void act.run(() => download(`/decisions/${id}/notice`, {}, 'pemberitahuan.pdf'))
                }
              >
                {t('decisions.letter')}
              </Button>
            )}
            <Button component={Link} to={`/households/${decision.household_id}`} variant="subtle">
              {t('problems.open_household')}
            </Button>
          </div>
        </div>
        <ProblemNotice error={act.error} />
        {status && <p className="muted">{t(`decisions.next.${status}`)}</p>}
        <Facts
          items={[
            [t('decisions.reason'), reasons.name(decision.reason_code)],
            decision.reasons
              ? [
                  t('decisions.reasons'),
                  <span key="why" className="wrap-any">
                    {decision.reasons}
                  </span>,
                ]
              : null,
            decision.legal_basis ? [t('decisions.legal_basis'), decision.legal_basis] : null,
            [t('problems.region'), regions.full(decision.region_code)],
            [t('decisions.proposed'), formatInstant(decision.proposed_at)],
            decision.notified_at
              ? [
                  t('decisions.notified'),
                  `${formatInstant(decision.notified_at)} · ${word('notice_channel', decision.notice_channel)}`,
                ]
              : null,
            decision.answer_due_on
              ? [t('decisions.answer_until'), formatDate(decision.answer_due_on)]
              : null,
            decision.effective_on
              ? [t('decisions.effective'), formatDate(decision.effective_on)]
              : null,
            decision.confirmed_at
              ? [t('decisions.confirmed'), formatInstant(decision.confirmed_at)]
              : null,
            decision.in_effect_at
              ? [t('decisions.in_effect'), formatInstant(decision.in_effect_at)]
              : null,
            decision.reversed_at
              ? [t('decisions.reversed'), formatInstant(decision.reversed_at)]
              : null,
            decision.ended_reason ? [t('decisions.ended_reason'), decision.ended_reason] : null,
          ]}
        />
        {decision.restored_referral_id && (
          <Notice title={t('decisions.restored')}>
            <Button
              component={Link}
              to={`/referrals/${decision.restored_referral_id}`}
              variant="default"
            >
              {t('decisions.open_draft')}
            </Button>
          </Notice>
        )}
      </Card>
      <Card title={t('decisions.answers')}>
        {decision.answers.length === 0 ? (
          <Empty title={t('decisions.no_answer')} />
        ) : (
          <ul className="plain-list stack">
            {decision.answers.map((answer) => (
              <li key={answer.id}>
                <p className="muted small">
                  {formatInstant(answer.at)} · {word('answer_channel', answer.channel)}
                </p>
                <p className="wrap-any">{answer.said ?? t('decisions.hidden')}</p>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Page>
  );
}
