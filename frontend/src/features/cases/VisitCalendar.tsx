// A week of visits. The week stands in the address, so that it can be kept and shared.
import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLanguage, word } from '~/i18n';
import { formatDate, officeToday } from '~/ui/format';
import { Page } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import type { Visit } from './types';
import { shift, weekOf } from './week';
import './cases.css';

export default function VisitCalendar() {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { week?: string; all?: string };
  const today = officeToday();
  const days = weekOf(search.week ?? today);
  const mine = search.all !== 'true';
  const query = usePage<Visit>('/visits', {
    from: days[0],
    to: days[6],
    limit: 200,
    ...(mine ? { mine: true } : {}),
  });
  const visits = query.data?.data ?? [];
  const go = (week: string, all = search.all) =>
    void navigate({ to: '/visits', search: { week, ...(all ? { all } : {}) } as never });
  const weekday = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'id-ID', {
    weekday: 'long',
    timeZone: 'UTC',
  });
  return (
    <Page
      title={t('visits.title')}
      lead={t('visits.lead', { from: formatDate(days[0]), to: formatDate(days[6]) })}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconChevronLeft size={18} aria-hidden="true" />}
            onClick={() => go(shift(days[0] ?? today, -7))}
          >
            {t('visits.before')}
          </Button>
          <Button variant="default" onClick={() => go(today)}>
            {t('visits.this_week')}
          </Button>
          <Button
            variant="default"
            rightSection={<IconChevronRight size={18} aria-hidden="true" />}
            onClick={() => go(shift(days[0] ?? today, 7))}
          >
            {t('visits.after')}
          </Button>
          <Button
            variant="subtle"
            aria-pressed={!mine}
            onClick={() => go(days[0] ?? today, mine ? 'true' : '')}
          >
            {t(mine ? 'visits.show_all' : 'visits.show_mine')}
          </Button>
        </>
      }
    >
      {query.isError && !query.data ? (
        <div className="card">
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        </div>
      ) : query.isPending ? (
        <div className="card">
          <Loading />
        </div>
      ) : (
        <div className="week">
          {days.map((day) => {
            const own = visits.filter((visit) => visit.planned_date === day);
            return (
              <section
                key={day}
                className="week-day card"
                data-today={day === today || undefined}
                aria-label={formatDate(day)}
              >
                <h2>
                  {weekday.format(new Date(`${day}T00:00:00Z`))}{' '}
                  <span className="muted">{formatDate(day)}</span>
                </h2>
                {own.length === 0 ? (
                  <p className="muted small">{t('visits.none')}</p>
                ) : (
                  <ul>
                    {own.map((visit) => (
                      <li key={visit.id}>
                        <Link to="/cases/$id" params={{ id: visit.case_id }}>
                          {visit.head_name || t('cases.unnamed')}
                        </Link>
                        <span className="muted small">
                          {word('visit_kind', visit.kind)} ·{' '}
                          {visit.status === 'planned'
                            ? visit.account_name
                            : word('visit_status', visit.status)}
                        </span>
                      </li>
                    ))}
                  </ul>
                )}
              </section>
            );
          })}
        </div>
      )}
    </Page>
  );
}
