// After a decline, an expiry or a withdrawal: what else may be asked for the same problem, the best first.
import { Button } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call, get } from '~/api/http';
import type { LocalizedText, Problem, Referral } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { useAct } from '~/ui/act';
import { formatMoney, formatNumber } from '~/ui/format';
import { Card } from '~/ui/page';
import { Loading, ProblemNotice } from '~/ui/states';
import { ReferButton } from './SendReferral';

interface Offer {
  program_id: string;
  program_name: LocalizedText;
  organization_id: string;
  organization_name: string;
  cycle_id: string;
  /** 0 is the waitlist; null where the caller may not count. */
  seats_left: number | null;
  funded: boolean;
  waiting: number | null;
  value_idr: number;
  outcome: string | null;
  asked_before: boolean;
}

const over = ['declined', 'expired', 'cancelled'];
const SHOWN = 6;

export function Offers({ referral }: { referral: Referral }) {
  const { t } = useTranslation();
  const sends = hasRole(useAccount(), 'coordinator', 'social_worker', 'agency_officer');
  const asks = over.includes(referral.status) && sends;
  const problem = useQuery({
    queryKey: ['problems', referral.problem_id, 'of', referral.id],
    queryFn: ({ signal }) => get<Problem>(`/problems/${referral.problem_id}`, undefined, signal),
    enabled: asks,
    retry: false,
  });
  const may = problem.data?.can.includes('refer') ?? false;
  const query = useQuery({
    queryKey: ['offers', referral.problem_id],
    queryFn: ({ signal }) =>
      get<{ data: Offer[] }>(`/problems/${referral.problem_id}/offers`, undefined, signal),
    enabled: asks && may,
  });
  if (!asks || !may || !problem.data) return null;
  const rows = (query.data?.data ?? []).filter((row) => !row.asked_before);
  return (
    <Card title={t('offers.title')}>
      {query.data === undefined ? (
        query.isError ? (
          <ProblemNotice error={query.error} />
        ) : (
          <Loading lines={3} />
        )
      ) : rows.length === 0 ? (
        <p className="muted">{t('offers.none')}</p>
      ) : (
        <ul className="deliveries">
          {rows.slice(0, SHOWN).map((row) => (
            <OfferLine key={row.cycle_id} offer={row} problem={problem.data} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function OfferLine({ offer, problem }: { offer: Offer; problem: Problem }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const act = useAct();
  const program = { id: offer.program_id, name: offer.program_name };
  const queue = offer.seats_left === 0;
  function wait() {
    void act.run(async (key) => {
      const draft = await call<Referral>('/referrals', {
        method: 'POST',
        key,
        body: {
          problem_id: problem.id,
          cycle_id: offer.cycle_id,
          to_organization_id: offer.organization_id,
        },
      });
      await call('/waitlist', {
        method: 'POST',
        key: `${key}-wait`,
        body: { referral_id: draft.data.id },
      });
    }, t('waitlist.joined'));
  }
  return (
    <li className="delivery">
      <div className="spread">
        <span className="strong">{name(offer.program_name)}</span>
        {queue ? (
          <Button
            variant="default"
            loading={act.busy}
            leftSection={<IconHourglass size={18} aria-hidden="true" />}
            onClick={wait}
          >
            {t('waitlist.join')}
            <span className="sp-visually-hidden"> {name(offer.program_name)}</span>
          </Button>
        ) : (
          <ReferButton problem={problem} program={program} />
        )}
      </div>
      <p className="muted small">
        {[
          offer.organization_name,
          formatMoney(offer.value_idr),
          offer.seats_left !== null && t('offers.seats', { n: formatNumber(offer.seats_left) }),
          queue &&
            offer.waiting !== null &&
            t('offers.waiting', { n: formatNumber(offer.waiting) }),
          !offer.funded && t('offers.unfunded'),
          offer.outcome === 'needs_data' && t('offers.needs_data'),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <ProblemNotice error={act.error} />
    </li>
  );
}
