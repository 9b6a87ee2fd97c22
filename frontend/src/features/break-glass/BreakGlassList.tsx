// Looks behind the glass: one's own, and to be reviewed those of others. Opening needs the id of a
// record, which is on its page or comes from a colleague; the service tells nobody that one exists.
import { Button, Radio, Textarea, TextInput } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { BreakGlass } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { Notice } from '~/ui/states';
import { listQuery, usePage } from '~/ui/useResource';

export default function BreakGlassList() {
  const { t } = useTranslation();
  const control = useList();
  const opens = hasRole(useAccount(), 'coordinator', 'social_worker');
  const [opening, setOpening] = useState(false);
  const [reviewing, setReviewing] = useState<BreakGlass | null>(null);
  const query = usePage<BreakGlass>('/break-glass', listQuery(control));
  const columns: Column<BreakGlass>[] = [
    {
      id: 'account',
      header: t('break_glass.who'),
      lead: true,
      cell: (row) => row.account_name,
    },
    {
      id: 'subject',
      header: t('break_glass.what'),
      cell: (row) => word('glass_subject', row.subject_kind),
    },
    { id: 'reason', header: t('ui.reason'), cell: (row) => row.reason ?? t('break_glass.hidden') },
    {
      id: 'opened',
      header: t('break_glass.opened'),
      cell: (row) => formatInstant(row.opened_at),
    },
    {
      id: 'state',
      header: t('ui.status'),
      cell: (row) =>
        row.finding
          ? word('glass_finding', row.finding)
          : t(row.open ? 'break_glass.still_open' : 'break_glass.waits'),
    },
  ];
  return (
    <Page
      title={t('places.break_glass')}
      lead={t('break_glass.lead')}
      actions={
        opens && (
          <Button
            leftSection={<IconLockOpen size={18} aria-hidden="true" />}
            onClick={() => setOpening(true)}
          >
            {t('break_glass.open')}
          </Button>
        )
      }
    >
      <ListPage<BreakGlass>
        id="break_glass"
        caption={t('places.break_glass')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        cellActions={(row) =>
          allowed(row.can, 'review') && (
            <Button variant="default" onClick={() => setReviewing(row)}>
              {t('break_glass.review')}
            </Button>
          )
        }
        empty={{ title: t('break_glass.empty'), why: t('break_glass.empty_why') }}
      />
      {opening && <Open close={() => setOpening(false)} />}
      {reviewing && <Review row={reviewing} close={() => setReviewing(null)} />}
    </Page>
  );
}

/** The id in what was pasted: a bare id or the address of the record's page. */
export function idIn(pasted: string): string {
  const found = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.exec(pasted);
  return found ? found[0].toLowerCase() : '';
}

function Open({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const act = useAct();
  const [kind, setKind] = useState('problem');
  const [pasted, setPasted] = useState('');
  const [reason, setReason] = useState('');
  const id = idIn(pasted);
  function submit() {
    void act.run(async (key) => {
      const body = { [`${kind}_id`]: id, reason: reason.trim() };
      await call('/break-glass', { method: 'POST', body, key });
      close();
      await navigate({ to: kind === 'problem' ? `/problems/${id}` : `/households/${id}` });
    }, t('break_glass.opened_done'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('break_glass.open')}
      submitText={t('break_glass.open')}
      busy={act.busy}
      error={act.error}
      danger
      disabled={!id || !reason.trim()}
      onSubmit={submit}
    >
      <Notice>{t('break_glass.warning')}</Notice>
      <Radio.Group label={t('break_glass.what')} value={kind} onChange={setKind}>
        <div className="stack">
          <Radio value="problem" label={t('break_glass.problem')} />
          <Radio value="household" label={t('break_glass.household')} />
        </div>
      </Radio.Group>
      <TextInput
        label={t('break_glass.id')}
        description={t('break_glass.id_hint')}
        required
        value={pasted}
        maxLength={300}
        onChange={(event) => setPasted(event.currentTarget.value)}
      />
      <Textarea
        label={t('ui.reason')}
        required
        value={reason}
        maxLength={1000}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function Review({ row, close }: { row: BreakGlass; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [finding, setFinding] = useState('');
  const [note, setNote] = useState('');
  const written = note.trim();
  function submit() {
    void act.run(async (key) => {
      const body = { finding, ...(written ? { note: written } : {}) };
      await call(`/break-glass/${row.id}/review`, {
        method: 'POST',
        body,
        key,
        etag: `"${row.version}"`,
      });
      close();
    }, t('break_glass.reviewed'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('break_glass.review')}
      submitText={t('break_glass.review')}
      busy={act.busy}
      error={act.error}
      disabled={!finding || (finding === 'unjustified' && !written)}
      onSubmit={submit}
    >
      {row.reason && <p className="wrap-any">{row.reason}</p>}
      <Radio.Group label={t('break_glass.finding')} value={finding} onChange={setFinding}>
        <div className="stack">
          <Radio value="justified" label={t('break_glass.justified')} />
          <Radio value="unjustified" label={t('break_glass.unjustified')} />
        </div>
      </Radio.Group>
      <Textarea
        label={t('ui.note')}
        required={finding === 'unjustified'}
        value={note}
        maxLength={1000}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
