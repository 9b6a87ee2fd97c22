// Legal holds: nothing of a held household or person is destroyed while the hold is in force.
import { Button, Radio, Textarea } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { Individual, Page as PageOf } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Loading, ProblemNotice } from '~/ui/states';
import { listQuery, usePage, useResource } from '~/ui/useResource';
import { FindHousehold, type Hit } from './FindHousehold';
import type { LegalHold } from './types';

const FAMILY = 'family';

export function Holds() {
  const { t } = useTranslation();
  const places = hasRole(useAccount(), 'coordinator');
  const control = useList();
  const [placing, setPlacing] = useState(false);
  const [lifting, setLifting] = useState<LegalHold | null>(null);
  const query = usePage<LegalHold>('/legal-holds', listQuery(control));
  const subject = (row: LegalHold) => row.subject_name ?? t('problems.subject_household');
  return (
    <section className="stack" aria-label={t('retention.holds')}>
      <div className="spread">
        <div>
          <h2 className="card-title">{t('retention.holds')}</h2>
          <p className="muted">{t('retention.holds_lead')}</p>
        </div>
        {places && (
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setPlacing(true)}
          >
            {t('retention.place')}
          </Button>
        )}
      </div>
      <ListPage<LegalHold>
        id="legal-holds"
        caption={t('retention.holds')}
        control={control}
        query={query}
        rowKey={(row) => row.id}
        columns={[
          {
            id: 'subject',
            header: t('problems.subject'),
            lead: true,
            cell: (row) => (
              <Link to="/households/$id" params={{ id: row.household_id }}>
                {subject(row)}
              </Link>
            ),
          },
          { id: 'reason', header: t('ui.reason'), cell: (row) => row.reason ?? '–' },
          {
            id: 'placed',
            header: t('retention.placed'),
            cell: (row) => formatInstant(row.placed_at),
          },
          {
            id: 'lifted',
            header: t('retention.lifted'),
            cell: (row) =>
              row.lifted_at
                ? [formatInstant(row.lifted_at), row.lift_reason].filter(Boolean).join(' · ')
                : t('retention.in_force'),
          },
        ]}
        filters={
          <FilterSelect
            label={t('ui.status')}
            value={control.search.in_force}
            options={[{ value: 'true', label: t('retention.in_force') }]}
            onChange={(value) => control.setFilter('in_force', value)}
          />
        }
        chip={() => t('retention.in_force')}
        empty={{ title: t('retention.no_holds') }}
        {...(places && {
          cellActions: (row: LegalHold) =>
            allowed(row.can, 'lift') && (
              <Button variant="subtle" size="sm" onClick={() => setLifting(row)}>
                {t('retention.lift')}
                <span className="sp-visually-hidden"> {subject(row)}</span>
              </Button>
            ),
        })}
      />
      {placing && <Place close={() => setPlacing(false)} />}
      {lifting && <Lift hold={lifting} close={() => setLifting(null)} />}
    </section>
  );
}

function Reason({ value, set }: { value: string; set: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <Textarea
      label={t('ui.reason')}
      required
      autosize
      minRows={3}
      maxLength={1000}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

function Place({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [chosen, setChosen] = useState<Hit | null>(null);
  const [person, setPerson] = useState(FAMILY);
  const [reason, setReason] = useState('');

  function submit() {
    if (!chosen || !reason.trim()) return;
    const body = {
      ...(person === FAMILY ? { household_id: chosen.id } : { individual_id: person }),
      reason: reason.trim(),
    };
    void act
      .run((key) => call('/legal-holds', { method: 'POST', body, key }), t('retention.place_done'))
      .then((ok) => ok && close());
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t('retention.place')}
      submitText={t('retention.place')}
      busy={act.busy}
      error={act.error}
      disabled={!chosen || !reason.trim()}
      onSubmit={submit}
    >
      <p>{t('retention.place_lead')}</p>
      {chosen ? (
        <>
          <div className="spread">
            <p className="strong">{chosen.head_name ?? t('problems.subject_household')}</p>
            <Button
              variant="subtle"
              size="sm"
              onClick={() => {
                setChosen(null);
                setPerson(FAMILY);
              }}
            >
              {t('retention.other')}
            </Button>
          </div>
          <Whom householdId={chosen.id} value={person} set={setPerson} />
        </>
      ) : (
        <FindHousehold choose={setChosen} />
      )}
      <Reason value={reason} set={setReason} />
    </FormDialog>
  );
}

/** The whole family, or one of its members. */
function Whom(props: { householdId: string; value: string; set: (value: string) => void }) {
  const { t } = useTranslation();
  const query = useResource<PageOf<Individual>>(
    ['households', props.householdId, 'individuals'],
    `/households/${props.householdId}/individuals`,
  );
  if (query.isPending) return <Loading lines={2} />;
  if (query.isError) return <ProblemNotice error={query.error} />;
  return (
    <Radio.Group label={t('retention.whom')} value={props.value} onChange={props.set}>
      <div className="stack">
        <Radio value={FAMILY} label={t('retention.whole_family')} />
        {query.data.data.data.map((member) => (
          <Radio key={member.id} value={member.id} label={member.name ?? t('retention.a_member')} />
        ))}
      </div>
    </Radio.Group>
  );
}

function Lift({ hold, close }: { hold: LegalHold; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState('');

  function submit() {
    void act
      .run(
        () =>
          call(`/legal-holds/${hold.id}/lift`, {
            method: 'POST',
            body: { reason: reason.trim() },
            etag: `"${hold.version}"`,
          }),
        t('retention.lift_done'),
      )
      .then((ok) => ok && close());
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t('retention.lift')}
      submitText={t('retention.lift')}
      danger
      busy={act.busy}
      error={act.error}
      disabled={!reason.trim()}
      onSubmit={submit}
    >
      <p>{t('retention.lift_lead')}</p>
      <Reason value={reason} set={setReason} />
    </FormDialog>
  );
}
