import { Button, Textarea } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes, useOrganizations, useRegions } from '~/api/reference';
import type { Cycle, Program } from '~/api/types';
import { useAccount } from '~/app/account';
import { placesFor } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { CopyText } from '~/ui/CopyText';
import { formatDate, formatMoney, formatNumber } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { Empty, Loading, Notice, ProblemState } from '~/ui/states';
import { usePage, useResource } from '~/ui/useResource';
import { AddCycle } from './AddCycle';
import { EditCycle } from './EditCycle';

const verbs = ['publish', 'submit', 'return', 'suspend', 'close'] as const;
type Verb = (typeof verbs)[number];
const refusing: Verb[] = ['return', 'suspend', 'close'];

export function ProgramPage({ id, children }: { id: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const organizations = useOrganizations();
  const regions = useRegions();
  const lists = {
    needs: useCodes('needs'),
    pillars: useCodes('pillars'),
    kinds: useCodes('benefit_kinds'),
    periods: useCodes('benefit_periods'),
    modes: useCodes('access_modes'),
    classes: useCodes('overlap_classes'),
    units: useCodes('claim_units'),
    documents: useCodes('documents'),
  };
  const [verb, setVerb] = useState<Verb | null>(null);
  const query = useResource<Program>(['programs', id], `/programs/${id}`);
  const program = query.data?.data;
  if (!program) {
    return <RecordState query={query} back={t('places.programs')} />;
  }
  return (
    <Page
      back={t('places.programs')}
      title={name(program.name)}
      lead={program.organization_name ?? organizations.name(program.organization_id)}
      actions={
        <>
          {allowed(program.can, 'edit') && (
            <Button
              component={Link}
              to={`/programs/${id}/edit`}
              variant="default"
              leftSection={<IconPencil size={18} aria-hidden="true" />}
            >
              {t('ui.edit')}
            </Button>
          )}
          {verbs
            .filter((action) => allowed(program.can, action))
            .map((action, at) => (
              <CanButton
                key={action}
                can={program.can}
                action={action}
                variant={at === 0 && !refusing.includes(action) ? 'filled' : 'default'}
                onClick={() => setVerb(action)}
              >
                {t(`programs.${action}`)}
              </CanButton>
            ))}
        </>
      }
    >
      {program.return_reason && program.status === 'draft' && (
        <Notice tone="warn" title={t('programs.returned_because')}>
          <p>{program.return_reason}</p>
        </Notice>
      )}
      <Card>
        <div className="row">
          <StatusBadge group="program_status" value={program.status} />
          <span className="sp-mono muted">{program.code}</span>
        </div>
        {program.description && <p>{name(program.description)}</p>}
        <Facts
          items={[
            [t('programs.pillar'), lists.pillars.name(program.pillar)],
            [t('programs.needs'), program.needs.map((need) => lists.needs.name(need)).join(', ')],
            [t('programs.access'), lists.modes.name(program.access_mode)],
            [
              t('programs.benefit'),
              `${lists.kinds.name(program.benefit.kind)} · ${formatMoney(program.benefit.value_idr)} · ${lists.periods.name(program.benefit.period)}`,
            ],
            program.benefit.tiers.length > 0
              ? [
                  t('programs.tiers'),
                  <ul key="tiers" className="bare">
                    {program.benefit.tiers.map((tier) => (
                      <li key={tier.code}>
                        {name(tier.name)}: {formatMoney(tier.value_idr)}
                      </li>
                    ))}
                  </ul>,
                ]
              : null,
            [t('programs.unit'), lists.units.name(program.benefit.unit)],
            [t('programs.claim_unit'), lists.units.name(program.claim_unit)],
            [t('programs.overlap'), lists.classes.name(program.overlap_class)],
            [
              t('programs.areas'),
              program.areas.length === 0
                ? t('programs.whole_city')
                : program.areas.map((area) => regions.full(area)).join(', '),
            ],
            [
              t('programs.documents'),
              program.documents.map((item) => lists.documents.name(item)).join(', '),
            ],
            program.legal_basis ? [t('programs.legal_basis'), program.legal_basis] : null,
            program.how_to_apply ? [t('programs.how_to_apply'), program.how_to_apply] : null,
            [
              t('ui.record_id'),
              <CopyText key="id" text={program.id} short={program.id.slice(-12)} />,
            ],
          ]}
        />
      </Card>
      {children}
      <Cycles program={program} />
      {verb && <Transition program={program} verb={verb} close={() => setVerb(null)} />}
    </Page>
  );
}

function Cycles({ program }: { program: Program }) {
  const { t } = useTranslation();
  const account = useAccount();
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<Cycle | null>(null);
  const query = usePage<Cycle>(`/programs/${program.id}/cycles`, { limit: 100 });
  const rows = query.data?.data;
  return (
    <Card
      title={t('programs.cycles')}
      actions={
        <CanButton
          can={program.can}
          action="add_cycle"
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => setAdding(true)}
        >
          {t('programs.add_cycle')}
        </CanButton>
      }
    >
      {rows === undefined ? (
        query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={3} />
        )
      ) : rows.length === 0 ? (
        <Empty title={t('programs.no_cycles')} why={t('programs.no_cycles_why')} />
      ) : (
        rows.map((cycle) => (
          <div className="cycle" key={cycle.id}>
            <div className="spread">
              <span className="row">
                <span className="strong">{cycle.name}</span>
                <StatusBadge group="cycle_status" value={cycle.status} />
              </span>
              {allowed(cycle.can, 'edit') && (
                <Button
                  variant="subtle"
                  size="sm"
                  leftSection={<IconPencil size={18} aria-hidden="true" />}
                  onClick={() => setEditing(cycle)}
                >
                  {t('ui.edit')}
                  <span className="sp-visually-hidden"> {cycle.name}</span>
                </Button>
              )}
            </div>
            <p className="muted small">
              {formatDate(cycle.starts_on)} – {formatDate(cycle.ends_on)} ·{' '}
              {t(`seat_kind.${cycle.seat_kind as 'stock'}`)}
            </p>
            <div className="meter" aria-hidden="true">
              <span
                style={{
                  width: `${cycle.seats ? (100 * (cycle.seats_taken ?? 0)) / cycle.seats : 0}%`,
                }}
              />
            </div>
            <p className="small sp-num">
              {t('programs.seats_taken', {
                taken: formatNumber(cycle.seats_taken),
                seats: formatNumber(cycle.seats),
              })}
            </p>
          </div>
        ))
      )}
      {placesFor(account).includes('funding') && rows && rows.length > 0 && (
        <p className="muted small">
          {t('programs.allot_hint')} <Link to="/funding-sources">{t('programs.to_funding')}</Link>
        </p>
      )}
      {editing && <EditCycle cycle={editing} close={() => setEditing(null)} />}
      {adding && <AddCycle program={program} close={() => setAdding(false)} />}
    </Card>
  );
}

function Transition({ program, verb, close }: { program: Program; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const act = useAct();
  const refuses = refusing.includes(verb);
  const needsReason = verb === 'return';
  function submit() {
    void act.run(
      async (key) => {
        const current = await call<Program>(`/programs/${program.id}`);
        await call(`/programs/${program.id}/${verb}`, {
          method: 'POST',
          body: refuses ? { reason: reason.trim() } : {},
          key,
          etag: current.etag,
        });
        close();
      },
      t(`programs.${verb}_done`),
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t(`programs.${verb}`)}
      submitText={t(`programs.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={refuses}
      disabled={needsReason && !reason.trim()}
      onSubmit={submit}
    >
      {!needsReason && <p>{t(`programs.${verb}_lead`)}</p>}
      {needsReason && (
        <Textarea
          label={t('ui.reason')}
          required
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
