// What waits for this person, late ones first.
import { Button } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage, word } from '~/i18n';
import { formatDate, formatNumber } from '~/ui/format';
import { Card, Page } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import type { Task, Worker } from './types';
import './cases.css';

function place(task: Task): string {
  if (task.subject_kind === 'problem') return `/problems/${task.subject_id}`;
  if (task.subject_kind === 'break_glass') return '/break-glass';
  if (task.subject_kind === 'decision') return `/decisions/${task.subject_id}`;
  if (task.subject_kind === 'assessment') return `/assessments/${task.subject_id}`;
  return `/cases/${task.case_id ?? task.subject_id}`;
}

export default function TaskPage() {
  const { t } = useTranslation();
  const account = useAccount();
  const query = useResource<{ data: Task[] }>(['tasks'], '/tasks');
  const tasks = query.data?.data.data;
  const late = tasks?.filter((task) => task.late) ?? [];
  const rest = tasks?.filter((task) => !task.late) ?? [];
  const kinds = [...new Set(rest.map((task) => task.kind))];
  return (
    <Page
      title={t('tasks.title')}
      lead={t('tasks.lead')}
      actions={
        hasRole(account, 'coordinator', 'social_worker') && (
          <Button
            component={Link}
            to="/visits"
            variant="default"
            leftSection={<IconCalendar size={18} aria-hidden="true" />}
          >
            {t('tasks.calendar')}
          </Button>
        )
      }
    >
      {query.isError && !tasks ? (
        <div className="card">
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        </div>
      ) : !tasks ? (
        <div className="card">
          <Loading />
        </div>
      ) : tasks.length === 0 ? (
        <div className="card">
          <Empty title={t('tasks.none')} why={t('tasks.none_why')} />
        </div>
      ) : (
        <>
          {late.length > 0 && <Tasks title={t('tasks.late', { n: late.length })} tasks={late} />}
          {kinds.map((kind) => {
            const own = rest.filter((task) => task.kind === kind);
            return (
              <Tasks
                key={kind}
                title={`${word('task_kind', kind)} (${formatNumber(own.length)})`}
                tasks={own}
                ofOneKind
              />
            );
          })}
        </>
      )}
      {hasRole(account, 'coordinator', 'social_worker') && <Workload />}
    </Page>
  );
}

function Tasks({
  title,
  tasks,
  ofOneKind = false,
}: {
  title: string;
  tasks: Task[];
  /** The title says what they are; the lines need not. */
  ofOneKind?: boolean;
}) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const { name } = useLanguage();
  return (
    <Card title={title} flush>
      <ul className="task-list">
        {tasks.map((task) => (
          <li key={`${task.kind}${task.subject_id}`}>
            <Link to={place(task)} className="task-line">
              <span>
                <strong>{task.subject_name || t('cases.unnamed')}</strong>{' '}
                <span className="muted">
                  {[
                    ofOneKind ? '' : word('task_kind', task.kind),
                    task.need_code ? needs.name(task.need_code) : name(task.title),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              {task.due_date && (
                <span className={task.late ? 'badge badge-bad' : 'muted'}>
                  {task.late
                    ? t('tasks.late_since', { date: formatDate(task.due_date) })
                    : formatDate(task.due_date)}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Workload() {
  const { t } = useTranslation();
  const query = useResource<{ data: Worker[] }>(['workload'], '/workload');
  const workers = query.data?.data.data ?? [];
  if (workers.length === 0) return null;
  return (
    <Card title={t('tasks.workload')} flush>
      <section className="table-wrap" tabIndex={0} aria-label={t('cases.worker')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('cases.worker')}</th>
              <th scope="col" className="num">
                {t('tasks.open_cases')}
              </th>
              <th scope="col" className="num">
                {t('tasks.caseload')}
              </th>
              <th scope="col" className="num">
                {t('tasks.late_visits')}
              </th>
              <th scope="col">STR</th>
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <tr key={worker.account_id}>
                <th scope="row">{worker.name}</th>
                <td className="num sp-num">{formatNumber(worker.open_cases)}</td>
                <td className="num sp-num">{formatNumber(worker.caseload)}</td>
                <td className="num sp-num">{formatNumber(worker.late_visits)}</td>
                <td>
                  {worker.str_expired ? (
                    <span className="badge badge-bad">{t('cases.str_expired')}</span>
                  ) : worker.str_valid_until ? (
                    formatDate(worker.str_valid_until)
                  ) : (
                    t('tasks.str_valid')
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
