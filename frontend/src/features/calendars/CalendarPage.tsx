// One working calendar: its weekdays and the holidays of a year. Every change says which open
// deadlines moved with it.
import { Button, NativeSelect } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage, word } from '~/i18n';
import { allowed } from '~/ui/act';
import { formatDate, formatPeriod, officeToday } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { Empty, Notice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { AddHoliday, DeleteHoliday, EditCalendar } from './CalendarForms';
import { byMonth, type Calendar, type Holiday, type Moved, weekdayOf } from './types';
import { weekdayText } from './WeekdayChoice';
import './calendars.css';

export function CalendarPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const thisYear = officeToday().slice(0, 4);
  const [year, setYear] = useState(thisYear);
  const [form, setForm] = useState<'add' | 'edit' | null>(null);
  const [deleting, setDeleting] = useState<Holiday | null>(null);
  const [moved, setMoved] = useState<Moved | null>(null);
  const query = useResource<Calendar>(['calendars', id], `/calendars/${id}`);
  const calendar = query.data?.data;
  if (!calendar || !query.data) return <RecordState query={query} back={t('places.calendars')} />;
  const edits = allowed(calendar.can, 'update');
  const years = new Set([
    thisYear,
    String(Number(thisYear) + 1),
    year,
    ...calendar.holidays.map((holiday) => holiday.date.slice(0, 4)),
  ]);
  return (
    <Page
      back={t('places.calendars')}
      title={name(calendar.name)}
      actions={
        edits && (
          <>
            <Button
              variant="default"
              leftSection={<IconPencil size={18} aria-hidden="true" />}
              onClick={() => setForm('edit')}
            >
              {t('office.edit_calendar')}
            </Button>
            <Button
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              onClick={() => setForm('add')}
            >
              {t('office.add_holiday')}
            </Button>
          </>
        )
      }
    >
      <div role="status">{moved && <MovedNotice moved={moved} />}</div>
      <Card>
        <Facts
          items={[
            [t('office.working'), weekdayText(calendar.working_weekdays)],
            [t('office.default'), t(calendar.is_default ? 'ui.yes' : 'ui.no')],
          ]}
        />
      </Card>
      <Card
        title={t('office.holidays_in', { year })}
        actions={
          <NativeSelect
            aria-label={t('office.year')}
            value={year}
            data={[...years].sort()}
            onChange={(event) => setYear(event.currentTarget.value)}
          />
        }
      >
        <Months
          months={byMonth(calendar.holidays, year)}
          year={year}
          {...(edits ? { remove: setDeleting } : {})}
        />
      </Card>
      {form === 'edit' && (
        <EditCalendar seen={query.data} close={() => setForm(null)} told={setMoved} />
      )}
      {form === 'add' && (
        <AddHoliday
          id={id}
          close={() => setForm(null)}
          told={(answer, date) => {
            setMoved(answer);
            setYear(date.slice(0, 4));
          }}
        />
      )}
      {deleting && (
        <DeleteHoliday id={id} holiday={deleting} close={() => setDeleting(null)} told={setMoved} />
      )}
    </Page>
  );
}

function MovedNotice({ moved }: { moved: Moved }) {
  const { t } = useTranslation();
  const { service_requests: services, ...rest } = moved;
  return (
    <Notice tone="good" title={t('office.moved_title')}>
      <p>{t('office.moved', { ...rest, services })}</p>
    </Notice>
  );
}

function Months(props: {
  months: [string, Holiday[]][];
  year: string;
  remove?: (holiday: Holiday) => void;
}) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const { months, year, remove } = props;
  if (months.length === 0)
    return <Empty title={t('office.no_holidays', { year })} why={t('office.no_holidays_why')} />;
  return months.map(([month, holidays]) => (
    <section key={month} aria-label={formatPeriod(month)}>
      <h3 className="holiday-month">{formatPeriod(month)}</h3>
      <ul className="holiday-list">
        {holidays.map((holiday) => (
          <li key={holiday.date} className="spread">
            <div>
              <p>
                <span className="strong">{name(holiday.name)}</span>{' '}
                <span className={`badge ${holiday.decreed ? 'badge-good' : 'badge-warn'}`}>
                  {t(holiday.decreed ? 'office.decreed' : 'office.estimated')}
                </span>
              </p>
              <p className="muted small">
                {[
                  `${word('weekday', weekdayOf(holiday.date))}, ${formatDate(holiday.date)}`,
                  word('holiday_kind', holiday.kind),
                  holiday.source,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            {remove && (
              <Button variant="subtle" color="red" size="sm" onClick={() => remove(holiday)}>
                {t('office.delete')}
                <span className="sp-visually-hidden"> {name(holiday.name)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  ));
}
