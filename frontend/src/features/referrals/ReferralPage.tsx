import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import type { Referral, ReferralEvent } from '~/api/types';
import { useAccount } from '~/app/account';
import { placesFor } from '~/app/roles';
import { loadWords, useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { CopyText } from '~/ui/CopyText';
import { formatDate, formatInstant, formatMoney } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { usePage, useResource } from '~/ui/useResource';
import { Deliveries } from './Deliveries';
import { Offers } from './Offers';
import { ReferralActions } from './ReferralActions';
import { Due } from './referral-bits';

const Overlaps = lazy(async () => {
  await loadWords('overlaps');
  return { default: (await import('./Overlaps')).Overlaps };
});

const Receiver = lazy(async () => {
  await loadWords('receivers');
  return { default: (await import('./Receiver')).Receiver };
});

export function ReferralPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const account = useAccount();
  const needs = useCodes('needs');
  const outcomes = useCodes('referral_outcomes');
  const declines = useCodes('referral_decline_reasons');
  const returns = useCodes('referral_return_reasons');
  const cancels = useCodes('referral_cancel_reasons');
  const query = useResource<Referral>(['referrals', id], `/referrals/${id}`);
  const history = usePage<ReferralEvent>(`/referrals/${id}/history`, { limit: 100 });
  const referral = query.data?.data;
  if (!referral) {
    return <RecordState query={query} back={t('places.referrals')} />;
  }
  const reason = (status: string, code: string | null | undefined) =>
    status === 'declined'
      ? declines.name(code)
      : status === 'returned'
        ? returns.name(code)
        : status === 'cancelled'
          ? cancels.name(code)
          : (code ?? '');
  return (
    <Page
      back={t('places.referrals')}
      title={name(referral.program_name)}
      lead={[referral.subject_name, referral.to_organization_name].filter(Boolean).join(' → ')}
      actions={<ReferralActions referral={referral} />}
    >
      <Card>
        <div className="spread">
          <StatusBadge group="referral_status" value={referral.status} />
          {referral.household_id && placesFor(account).includes('households') && (
            <Button
              component={Link}
              to={`/households/${referral.household_id}`}
              search={{ tab: 'referrals' } as never}
              variant="subtle"
            >
              {t('referrals.open_household')}
            </Button>
          )}
        </div>
        <Facts
          items={[
            [t('referrals.need'), needs.name(referral.need_code)],
            [t('referrals.to'), referral.to_organization_name],
            [t('referrals.amount'), formatMoney(referral.amount_idr)],
            [t('referrals.due'), <Due key="due" referral={referral} />],
            referral.scheduled_on
              ? [t('referrals.scheduled_on'), formatDate(referral.scheduled_on)]
              : null,
            referral.outcome_code
              ? [t('referrals.outcome'), outcomes.name(referral.outcome_code)]
              : null,
            referral.reason_code
              ? [t('ui.reason'), reason(referral.status, referral.reason_code)]
              : null,
            referral.note ? [t('ui.note'), referral.note] : null,
            [
              t('ui.record_id'),
              <CopyText key="id" text={referral.id} short={referral.id.slice(-12)} />,
            ],
          ]}
        />
      </Card>
      {referral.can.includes('send') && (
        <Suspense fallback={<Loading lines={2} />}>
          <Overlaps id={id} />
        </Suspense>
      )}
      {(referral.receiver.reach !== 'account' || referral.can.includes('contact')) && (
        <Suspense fallback={<Loading lines={2} />}>
          <Receiver referral={referral} events={history.data?.data ?? []} />
        </Suspense>
      )}
      <Offers referral={referral} />
      {!['draft', 'sent'].includes(referral.status) && <Deliveries referral={referral} />}
      <Card title={t('referrals.history')}>
        {history.data === undefined ? (
          history.isError ? (
            <ProblemState error={history.error} retry={() => void history.refetch()} />
          ) : (
            <Loading lines={4} />
          )
        ) : (
          <ol className="timeline">
            {history.data.data.map((event) => (
              <li key={event.id}>
                <p className="strong">{word('referral_status', event.to_status)}</p>
                <p className="muted small">
                  {[
                    formatInstant(event.at),
                    event.actor_name,
                    reason(event.to_status, event.reason_code),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
                {event.note && <p className="wrap-any">{event.note}</p>}
              </li>
            ))}
          </ol>
        )}
      </Card>
    </Page>
  );
}
