// A household's cases on its page, and opening one.
import { Button, Checkbox, NumberInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { HouseholdDetail, Problem } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { formatDate, formatInstant } from '~/ui/format';
import { Card, Facts } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { CaseBadges, StageBar } from './case-bits';
import type { CaseRecord } from './types';

const open = ['reported', 'verified', 'in_service', 'partly_resolved'];

export function HouseholdCases({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  const account = useAccount();
  const [opening, setOpening] = useState(false);
  const query = usePage<CaseRecord>(`/households/${household.id}/cases`, { limit: 50 });
  const cases = query.data?.data ?? [];
  return (
    <div className="stack">
      {hasRole(account, 'coordinator', 'social_worker') && household.status === 'active' && (
        <div className="row">
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setOpening(true)}
          >
            {t('cases.open')}
          </Button>
        </div>
      )}
      {query.isPending ? (
        <div className="card">
          <Loading />
        </div>
      ) : query.isError && !query.data ? (
        <div className="card">
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        </div>
      ) : cases.length === 0 ? (
        <div className="card">
          <Empty title={t('cases.none_here')} why={t('cases.none_here_why')} />
        </div>
      ) : (
        cases.map((record) => (
          <Card
            key={record.id}
            title={t('cases.opened_on', { date: formatInstant(record.opened_at) })}
          >
            <div className="spread">
              <CaseBadges record={record} />
              <Button component={Link} to={`/cases/${record.id}`} variant="default">
                {t('cases.show')}
              </Button>
            </div>
            <StageBar record={record} />
            <Facts
              items={[
                [t('cases.duty.lead'), record.lead_name ?? t('cases.unled')],
                [t('cases.next_visit'), formatDate(record.next_visit_date)],
                [t('cases.next_action'), formatDate(record.next_action_date)],
              ]}
            />
          </Card>
        ))
      )}
      {opening && <OpenCase household={household} close={() => setOpening(false)} />}
    </div>
  );
}

function OpenCase({ household, close }: { household: HouseholdDetail; close: () => void }) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const navigate = useNavigate();
  const act = useAct();
  const query = usePage<Problem>(`/households/${household.id}/problems`, { limit: 100 });
  const problems = (query.data?.data ?? []).filter((problem) => open.includes(problem.status));
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [emergency, setEmergency] = useState(false);
  const [weight, setWeight] = useState(1);
  const picked = chosen ?? problems.map((problem) => problem.id);
  const urgent = problems.some((one) => picked.includes(one.id) && one.severity === 'emergency');
  return (
    <FormDialog
      opened
      close={close}
      title={t('cases.open')}
      submitText={t('cases.open')}
      busy={act.busy}
      error={act.error}
      disabled={picked.length === 0}
      onSubmit={() =>
        void act.run(async (key) => {
          const body = {
            household_id: household.id,
            problem_ids: picked,
            weight,
            ...(emergency && urgent ? { emergency: true } : {}),
          };
          const made = await call<CaseRecord>('/cases', { method: 'POST', body, key });
          close();
          await navigate({ to: `/cases/${made.data.id}` });
        }, t('cases.opened_done'))
      }
    >
      {query.isPending ? (
        <Loading lines={3} />
      ) : problems.length === 0 ? (
        <Empty title={t('cases.no_open_problem')} why={t('cases.no_open_problem_why')} />
      ) : (
        <Checkbox.Group
          label={t('cases.which_problems')}
          value={picked}
          onChange={(values) => setChosen(values)}
        >
          <div className="stack">
            {problems.map((problem) => (
              <Checkbox
                key={problem.id}
                value={problem.id}
                label={`${needs.name(problem.need_code)} · ${word('severity', problem.severity)}`}
              />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <NumberInput
        label={t('cases.weight')}
        description={t('cases.weight_hint')}
        min={1}
        max={5}
        value={weight}
        onChange={(value) => setWeight(typeof value === 'number' ? value : 1)}
      />
      {urgent && (
        <Checkbox
          label={t('cases.as_emergency')}
          description={t('cases.as_emergency_hint')}
          checked={emergency}
          onChange={(event) => setEmergency(event.currentTarget.checked)}
        />
      )}
    </FormDialog>
  );
}
