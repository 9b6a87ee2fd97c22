// Who waits for a seat, in the order of the line; whoever asked may withdraw.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useRegions } from '~/api/reference';
import type { LocalizedText } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { CanButton, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatDate } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';

interface Entry {
  id: string;
  referral_id: string;
  program_name: LocalizedText;
  subject_name: string | null;
  region_code: string;
  severity: string;
  status: string;
  position: number | null;
  skipped_code: string | null;
  since: string;
  can: string[];
}

const statuses = ['waiting', 'placed', 'withdrawn', 'skipped', 'lapsed'] as const;

export default function Waitlist() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const regions = useRegions();
  const [leaving, setLeaving] = useState<Entry | null>(null);
  const query = usePage<Entry>('/waitlist', listQuery(control));
  const columns: Column<Entry>[] = [
    {
      id: 'subject',
      header: t('referrals.subject'),
      lead: true,
      cell: (row) => row.subject_name ?? t('board.unnamed'),
    },
    {
      id: 'position',
      header: t('waitlist.position'),
      numeric: true,
      cell: (row) => row.position ?? '–',
    },
    { id: 'program', header: t('referrals.program'), cell: (row) => name(row.program_name) },
    { id: 'region', header: t('board.region'), cell: (row) => regions.full(row.region_code) },
    { id: 'severity', header: t('board.severity'), cell: (row) => word('severity', row.severity) },
    { id: 'since', header: t('waitlist.since'), cell: (row) => formatDate(row.since) },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => (
        <>
          <StatusBadge group="waitlist_status" value={row.status} />
          {row.skipped_code && (
            <span className="muted small"> {word('problem', row.skipped_code)}</span>
          )}
        </>
      ),
    },
  ];
  return (
    <Page
      title={t('waitlist.title')}
      lead={t('waitlist.lead')}
      actions={
        <Link to="/referrals" className="record-back">
          {t('board.to_all')}
        </Link>
      }
    >
      <ListPage<Entry>
        id="waitlist"
        caption={t('waitlist.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/referrals/${row.referral_id}`}
        filters={
          <FilterSelect
            label={t('ui.status')}
            value={control.search.status}
            options={statuses.map((value) => ({ value, label: word('waitlist_status', value) }))}
            onChange={(value) => control.setFilter('status', value)}
          />
        }
        chip={(_filter, value) => word('waitlist_status', value)}
        empty={{ title: t('waitlist.empty'), why: t('waitlist.empty_why') }}
        cellActions={(row) =>
          row.status === 'waiting' && (
            <CanButton
              can={row.can}
              action="withdraw"
              variant="subtle"
              size="sm"
              onClick={() => setLeaving(row)}
            >
              {t('waitlist.withdraw')}
              <span className="sp-visually-hidden"> {row.subject_name}</span>
            </CanButton>
          )
        }
      />
      {leaving && <Withdraw entry={leaving} close={() => setLeaving(null)} />}
    </Page>
  );
}

function Withdraw({ entry, close }: { entry: Entry; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  function submit() {
    void act.run(async (key) => {
      const current = await call<Entry>(`/waitlist/${entry.id}`);
      await call(`/waitlist/${entry.id}/withdraw`, { method: 'POST', key, etag: current.etag });
      close();
    }, t('waitlist.withdrawn'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('waitlist.withdraw')}
      submitText={t('waitlist.withdraw')}
      busy={act.busy}
      error={act.error}
      danger
      onSubmit={submit}
    >
      <p>{t('waitlist.withdraw_lead')}</p>
    </FormDialog>
  );
}
