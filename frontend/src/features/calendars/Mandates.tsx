// Who answers for a need or service, within how many working days, by which decree.
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import { allowed } from '~/ui/act';
import { FilterSelect } from '~/ui/fields';
import { formatDate } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { listQuery, usePage } from '~/ui/useResource';
import { EditMandate, NewMandate } from './MandateForms';
import type { CalendarSummary, Mandate } from './types';

export function Mandates({ calendars, edits }: { calendars: CalendarSummary[]; edits: boolean }) {
  const { t } = useTranslation();
  const control = useList();
  const needs = useCodes('needs');
  const services = useCodes('services');
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<string | null>(null);
  const query = usePage<Mandate>('/mandates', listQuery(control));
  const columns: Column<Mandate>[] = [
    {
      id: 'need',
      header: t('office.need'),
      lead: true,
      cell: (row) => needs.name(row.need_code),
    },
    {
      id: 'service',
      header: t('office.service'),
      cell: (row) => (row.service_code ? services.name(row.service_code) : t('office.whole_need')),
    },
    { id: 'organization', header: t('office.organization'), cell: (row) => row.organization_name },
    {
      id: 'days',
      header: t('office.days'),
      cell: (row) =>
        row.emergency_days === null
          ? t('office.days_n', { n: row.sla_days })
          : t('office.days_of', { n: row.sla_days, m: row.emergency_days }),
    },
    { id: 'decree', header: t('office.decree'), cell: (row) => row.decree ?? '–' },
    {
      id: 'in_force',
      header: t('office.in_force'),
      cell: (row) =>
        `${formatDate(row.valid_from)} – ${row.valid_to ? formatDate(row.valid_to) : t('office.open_end')}`,
    },
  ];
  return (
    <section className="stack" aria-label={t('office.mandates')}>
      <div className="spread">
        <div>
          <h2 className="card-title">{t('office.mandates')}</h2>
          <p className="muted">{t('office.mandates_lead')}</p>
        </div>
        {edits && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            {t('office.add_mandate')}
          </Button>
        )}
      </div>
      <ListPage<Mandate>
        id="mandates"
        caption={t('office.mandates')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        filters={
          <>
            <FilterSelect
              label={t('office.need')}
              value={control.search.need_code}
              options={needs.options}
              onChange={(value) => control.setFilter('need_code', value)}
            />
            <FilterSelect
              label={t('office.current')}
              value={control.search.current}
              options={[{ value: 'true', label: t('office.current_only') }]}
              onChange={(value) => control.setFilter('current', value)}
            />
          </>
        }
        chip={(filter, value) =>
          filter === 'current' ? t('office.current_only') : needs.name(value)
        }
        empty={{ title: t('office.no_mandates'), why: t('office.no_mandates_why') }}
        {...(edits && {
          cellActions: (row: Mandate) =>
            allowed(row.can, 'update') && (
              <Button variant="subtle" size="sm" onClick={() => setEditing(row.id)}>
                {t('ui.edit')}
                <span className="sp-visually-hidden">
                  {' '}
                  {needs.name(row.need_code)} {services.name(row.service_code)}
                </span>
              </Button>
            ),
        })}
      />
      {adding && <NewMandate calendars={calendars} close={() => setAdding(false)} />}
      {editing && <EditMandate key={editing} id={editing} close={() => setEditing(null)} />}
    </section>
  );
}
