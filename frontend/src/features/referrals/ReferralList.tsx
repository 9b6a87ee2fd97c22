// All referrals one may see, as a board or as a table over one set of filters, which are its address.
import { Button } from '@mantine/core';
import { IconInbox, IconLayoutColumns, IconTable } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCodes, useOrganizations } from '~/api/reference';
import type { Referral } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatMoney } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { Board, boardQuery } from './Board';
import { Due } from './referral-bits';
import { isLate, statuses } from './referral-verbs';
import './referrals.css';

export default function ReferralList() {
  const { t } = useTranslation();
  const control = useList();
  const account = useAccount();
  const { view, ...search } = control.search;
  // The table turns into a list on a phone, where columns beside each other have no room.
  const board = view === 'board';
  const show = (next: string) => control.replace({ ...search, view: next });
  return (
    <Page
      title={t('referrals.title')}
      lead={t('referrals.lead')}
      actions={
        <>
          {hasRole(account, 'partner', 'agency_officer', 'coordinator') && (
            <Button
              component={Link}
              to="/inbox"
              leftSection={<IconInbox size={20} aria-hidden="true" />}
            >
              {t('board.inbox')}
            </Button>
          )}
          <Button component={Link} to="/deliveries" variant="default">
            {t('delivery.list')}
          </Button>
          <Button component={Link} to="/waitlist" variant="default">
            {t('waitlist.title')}
          </Button>
          {hasRole(account, 'coordinator', 'agency_officer', 'partner', 'auditor') && (
            <Button component={Link} to="/disclosures" variant="default">
              {t('disclosures.title')}
            </Button>
          )}
          <fieldset className="view-switch">
            <legend className="sp-visually-hidden">{t('referrals.views')}</legend>
            <Button
              variant={board ? 'filled' : 'default'}
              aria-pressed={board}
              leftSection={<IconLayoutColumns size={18} aria-hidden="true" />}
              onClick={() => show('board')}
            >
              {t('board.board')}
            </Button>
            <Button
              variant={board ? 'default' : 'filled'}
              aria-pressed={!board}
              leftSection={<IconTable size={18} aria-hidden="true" />}
              onClick={() => show('table')}
            >
              {t('board.table')}
            </Button>
          </fieldset>
        </>
      }
    >
      {board ? (
        <>
          <div className="list-bar no-print" data-open="true">
            <Filters control={control} />
          </div>
          <Board
            filters={boardQuery(control.search)}
            only={control.search.status ? String(control.search.status) : undefined}
          />
        </>
      ) : (
        <Table control={control} />
      )}
    </Page>
  );
}

type Control = ReturnType<typeof useList>;

function Filters({ control }: { control: Control }) {
  const { t } = useTranslation();
  const organizations = useOrganizations();
  const { search } = control;
  return (
    <>
      <FilterSelect
        label={t('ui.status')}
        value={search.status}
        options={statuses.map((value) => ({ value, label: word('referral_status', value) }))}
        onChange={(value) => control.setFilter('status', value)}
      />
      <FilterSelect
        label={t('board.due')}
        value={search.overdue}
        options={[{ value: 'true', label: t('board.only_late') }]}
        onChange={(value) => control.setFilter('overdue', value)}
      />
      <FilterSelect
        label={t('board.whose')}
        value={search.mine}
        options={[{ value: 'true', label: t('board.mine') }]}
        onChange={(value) => control.setFilter('mine', value)}
      />
      <FilterSelect
        label={t('referrals.to')}
        value={search.to_organization_id}
        options={organizations.options}
        onChange={(value) => control.setFilter('to_organization_id', value)}
      />
    </>
  );
}

function Table({ control }: { control: Control }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const needs = useCodes('needs');
  const organizations = useOrganizations();
  const { view: _view, ...query } = listQuery(control);
  const rows = usePage<Referral>('/referrals', query);
  const columns: Column<Referral>[] = [
    {
      id: 'program',
      header: t('referrals.program'),
      lead: true,
      cell: (row) => name(row.program_name),
    },
    { id: 'subject', header: t('referrals.subject'), cell: (row) => row.subject_name || '–' },
    {
      id: 'need',
      header: t('referrals.need'),
      cell: (row) => needs.name(row.need_code),
      extra: true,
    },
    { id: 'to', header: t('referrals.to'), cell: (row) => row.to_organization_name },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => (
        <span className={isLate(row) ? 'late-row' : undefined}>
          <StatusBadge group="referral_status" value={row.status} />
        </span>
      ),
    },
    { id: 'due', header: t('referrals.due'), cell: (row) => <Due referral={row} /> },
    {
      id: 'amount',
      header: t('referrals.amount'),
      numeric: true,
      cell: (row) => formatMoney(row.amount_idr),
    },
    {
      id: 'updated',
      header: t('ui.updated'),
      cell: (row) => formatInstant(row.updated_at),
      extra: true,
    },
  ];
  return (
    <ListPage<Referral>
      id="referrals"
      caption={t('referrals.title')}
      control={control}
      query={rows}
      columns={columns}
      rowKey={(row) => row.id}
      href={(row) => `/referrals/${row.id}`}
      filters={<Filters control={control} />}
      chip={(filter, value) =>
        filter === 'status'
          ? word('referral_status', value)
          : filter === 'overdue'
            ? t('board.only_late')
            : filter === 'mine'
              ? t('board.mine')
              : filter === 'to_organization_id'
                ? organizations.name(value)
                : filter === 'view'
                  ? t('board.table')
                  : value
      }
      empty={{ title: t('referrals.empty'), why: t('referrals.empty_why') }}
    />
  );
}
