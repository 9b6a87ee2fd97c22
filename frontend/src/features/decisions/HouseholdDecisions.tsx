// Decisions about a household on its page, and proposing one.
import { Button, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage, word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { PickSelect } from '~/ui/fields';
import { formatDate, formatInstant } from '~/ui/format';
import { Card, Facts } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import type { Decision } from './types';

const proposers = ['coordinator', 'social_worker', 'village_operator', 'agency_officer'] as const;

export function HouseholdDecisions({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const proposes = hasRole(useAccount(), ...proposers);
  const [adding, setAdding] = useState(false);
  const query = usePage<Decision>('/decisions', { household_id: id, limit: 100 });
  return (
    <div className="stack">
      {proposes && (
        <div className="row">
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            {t('decisions.propose')}
          </Button>
        </div>
      )}
      {query.isError && query.data === undefined ? (
        <div className="card">
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        </div>
      ) : query.data === undefined ? (
        <div className="card">
          <Loading />
        </div>
      ) : query.data.data.length === 0 ? (
        <div className="card">
          <Empty title={t('decisions.none')} why={t('decisions.none_why')} />
        </div>
      ) : (
        query.data.data.map((row) => (
          <Card key={row.id} title={`${word('decision_effect', row.effect)}: ${name(row.about)}`}>
            <div className="spread">
              <StatusBadge group="decision_status" value={row.status} />
              <Button component={Link} to={`/decisions/${row.id}`} variant="default">
                {t('decisions.open')}
              </Button>
            </div>
            <Facts
              items={[
                [t('problems.subject'), row.subject_name],
                [t('decisions.proposed'), formatInstant(row.proposed_at)],
                row.answer_due_on
                  ? [t('decisions.answer_until'), formatDate(row.answer_due_on)]
                  : null,
                row.effective_on ? [t('decisions.effective'), formatDate(row.effective_on)] : null,
              ]}
            />
          </Card>
        ))
      )}
      {adding && <Propose id={id} close={() => setAdding(false)} />}
    </div>
  );
}

interface Running {
  id: string;
  status: string;
  program_name?: { id: string; en: string };
  service_code?: string;
}

const helping = ['accepted', 'scheduled', 'in_service'];
const asked = ['received', 'handled', 'approved', 'returned'];

function Propose({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const navigate = useNavigate();
  const act = useAct();
  const codes = useCodes('decision_reasons');
  const services = useCodes('services');
  const counter = hasRole(useAccount(), 'coordinator', 'social_worker', 'village_operator');
  const referrals = usePage<Running>(`/households/${id}/referrals`, { limit: 100 });
  const requests = usePage<Running>('/service-requests', { household_id: id, limit: 100 }, counter);
  const [about, setAbout] = useState('');
  const [reason, setReason] = useState('');
  const [why, setWhy] = useState('');
  const [basis, setBasis] = useState('');
  const options = [
    ...(referrals.data?.data ?? [])
      .filter((row) => helping.includes(row.status))
      .map((row) => ({
        value: `stop_benefit ${row.id}`,
        label: `${word('decision_effect', 'stop_benefit')}: ${name(row.program_name)}`,
      })),
    ...(requests.data?.data ?? [])
      .filter((row) => asked.includes(row.status))
      .map((row) => ({
        value: `reject_request ${row.id}`,
        label: `${word('decision_effect', 'reject_request')}: ${services.name(row.service_code)}`,
      })),
  ];
  function submit() {
    const [effect = '', subject = ''] = about.split(' ');
    const body = {
      effect,
      [effect === 'stop_benefit' ? 'referral_id' : 'service_request_id']: subject,
      reason_code: reason,
      reasons: why.trim(),
      ...(basis.trim() ? { legal_basis: basis.trim() } : {}),
    };
    void act.run(async (key) => {
      const made = await call<Decision>('/decisions', { method: 'POST', body, key });
      close();
      await navigate({ to: `/decisions/${made.data.id}` });
    }, t('decisions.proposed_done'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('decisions.propose')}
      submitText={t('decisions.propose')}
      busy={act.busy}
      error={act.error}
      disabled={!about || !reason || !why.trim()}
      onSubmit={submit}
    >
      <p>{t('decisions.propose_lead')}</p>
      {options.length === 0 && !referrals.isPending && <p>{t('decisions.nothing_to_decide')}</p>}
      <PickSelect
        label={t('decisions.about')}
        required
        options={options}
        value={about}
        onChange={setAbout}
      />
      <PickSelect
        label={t('decisions.reason')}
        required
        options={codes.options}
        value={reason}
        onChange={setReason}
      />
      <Textarea
        label={t('decisions.reasons')}
        description={t('decisions.reasons_hint')}
        required
        autosize
        minRows={3}
        value={why}
        maxLength={4000}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <TextInput
        label={`${t('decisions.legal_basis')} (${t('ui.optional')})`}
        value={basis}
        maxLength={500}
        onChange={(event) => setBasis(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
