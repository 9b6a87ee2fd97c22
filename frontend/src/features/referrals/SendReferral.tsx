// From a verified problem to a seat in a program: choose program and cycle, then send.
import { Checkbox, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import { getAll, useCodes, useOrganizations } from '~/api/reference';
import { type Draft, draftAndSend } from '~/api/sending';
import type { Cycle, Page, Problem, Program } from '~/api/types';
import { loadWords, useLanguage } from '~/i18n';
import { CanButton, FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { formatMoney } from '~/ui/format';
import { Facts } from '~/ui/page';
import { Loading, Notice } from '~/ui/states';
import { toast } from '~/ui/toast';

const OverlapStep = lazy(async () => {
  await loadWords('overlaps');
  return { default: (await import('./OverlapStep')).OverlapStep };
});

const sendable = ['verified', 'partly_resolved', 'in_service'];

export function ReferButton({
  problem,
  program,
}: {
  problem: Problem;
  program?: Pick<Program, 'id' | 'name'>;
}) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [open, setOpen] = useState(false);
  if (!sendable.includes(problem.status)) return null;
  return (
    <>
      <CanButton
        can={problem.can}
        action="refer"
        why={t('can.no_duty')}
        onClick={() => setOpen(true)}
      >
        {t(program ? 'referrals.send' : 'problems.refer')}
        {program && <span className="sp-visually-hidden"> {name(program.name)}</span>}
      </CanButton>
      {open && (
        <SendReferral
          problem={problem}
          close={() => setOpen(false)}
          {...(program ? { preset: program.id } : {})}
        />
      )}
    </>
  );
}

interface Props {
  problem: Problem;
  close: () => void;
  /** The program that was chosen already, by its match. */
  preset?: string;
}

function SendReferral({ problem, close, preset = '' }: Props) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const kinds = useCodes('benefit_kinds');
  const organizations = useOrganizations();
  const [fitting, setFitting] = useState(true);
  const [programId, setProgramId] = useState(preset);
  const [cycleId, setCycleId] = useState('');
  const [tier, setTier] = useState('');
  const [note, setNote] = useState('');
  const [draft, setDraft] = useState<Draft | null>(null);
  const act = useAct();
  const programs = useQuery({
    queryKey: ['programs', 'published', fitting ? problem.need_code : ''],
    queryFn: () =>
      getAll<Program>('/programs', {
        status: 'published',
        access_mode: 'referral',
        ...(fitting ? { need: problem.need_code } : {}),
      }),
  });
  const cycles = useQuery({
    queryKey: ['programs', programId, 'cycles'],
    queryFn: () => get<Page<Cycle>>(`/programs/${programId}/cycles`, { limit: 50 }),
    enabled: programId !== '',
  });
  const offered = (programs.data ?? []).filter((program) => program.access_mode === 'referral');
  const program = offered.find((item) => item.id === programId);
  const open = (cycles.data?.data ?? []).filter(
    (cycle) => cycle.status === 'open' && (cycle.seats_taken ?? 0) < cycle.seats,
  );
  const chosen = open.find((cycle) => cycle.id === cycleId) ?? open[0];

  function submit() {
    if (!program || !chosen) return;
    const body = {
      problem_id: problem.id,
      cycle_id: chosen.id,
      to_organization_id: program.organization_id,
      ...(tier ? { tier } : {}),
      ...(note.trim() ? { note: note.trim() } : {}),
    };
    void act.run(async (key) => {
      const tried = await draftAndSend(body, key);
      if (tried.found) return setDraft(tried);
      toast(t('referrals.send_done'));
      close();
    });
  }

  if (draft) {
    return (
      <Suspense fallback={<Loading lines={2} />}>
        <OverlapStep draft={draft} close={close} />
      </Suspense>
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      size="lg"
      title={t('referrals.send')}
      submitText={t('referrals.send')}
      busy={act.busy}
      error={act.error}
      disabled={!program || !chosen}
      onSubmit={submit}
    >
      <p>{t('referrals.send_lead')}</p>
      <Checkbox
        label={t('referrals.only_fitting')}
        checked={fitting}
        onChange={(event) => {
          setFitting(event.currentTarget.checked);
          setProgramId('');
        }}
      />
      {programs.isSuccess && offered.length === 0 && (
        <Notice tone="warn" title={t('referrals.no_seats')} />
      )}
      <PickSelect
        label={t('referrals.choose_program')}
        required
        options={offered.map((item) => ({
          value: item.id,
          label: `${name(item.name)} · ${item.organization_name ?? organizations.name(item.organization_id)}`,
        }))}
        value={programId}
        onChange={(value) => {
          setProgramId(value);
          setCycleId('');
          setTier('');
        }}
      />
      {program && (
        <>
          {cycles.isSuccess && open.length === 0 ? (
            <Notice tone="warn" title={t('referrals.no_seats')} />
          ) : (
            <PickSelect
              label={t('referrals.choose_cycle')}
              required
              options={open.map((cycle) => ({
                value: cycle.id,
                label: t('referrals.seats_left', {
                  name: cycle.name,
                  left: cycle.seats - (cycle.seats_taken ?? 0),
                  seats: cycle.seats,
                }),
              }))}
              value={chosen?.id ?? ''}
              onChange={setCycleId}
            />
          )}
          {program.benefit.tiers.length > 0 && (
            <PickSelect
              label={`${t('referrals.tier')} (${t('ui.optional')})`}
              options={program.benefit.tiers.map((one) => ({
                value: one.code,
                label: `${name(one.name)} · ${formatMoney(one.value_idr)}`,
              }))}
              value={tier}
              onChange={setTier}
            />
          )}
          <Facts
            items={[
              [
                t('referrals.to'),
                program.organization_name ?? organizations.name(program.organization_id),
              ],
              [
                t('referrals.benefit'),
                `${kinds.name(program.benefit.kind)} · ${formatMoney(program.benefit.value_idr)}`,
              ],
              [t('referrals.funding'), t('referrals.funding_auto')],
            ]}
          />
        </>
      )}
      <Textarea
        label={`${t('referrals.note')} (${t('ui.optional')})`}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
