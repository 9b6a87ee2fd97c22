// A report counts what has outlived its time; nothing goes until a second person confirms it.
import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, get } from '~/api/http';
import type { Page } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatInstant, formatNumber } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card } from '~/ui/page';
import { Empty, Loading, Notice, ProblemNotice, ProblemState } from '~/ui/states';
import { useClasses } from './Classes';
import { linesOf, type RetentionRun, working } from './types';

const ASK_AGAIN = 2000;

export function Runs() {
  const { t } = useTranslation();
  const account = useAccount();
  const act = useAct();
  const [confirming, setConfirming] = useState<RetentionRun | null>(null);
  const [cancelling, setCancelling] = useState<RetentionRun | null>(null);
  const query = useQuery({
    queryKey: ['page', '/retention-runs'],
    queryFn: ({ signal }) => get<Page<RetentionRun>>('/retention-runs', { limit: 10 }, signal),
    refetchInterval: ({ state }) => (state.data?.data.some(working) ? ASK_AGAIN : false),
  });
  return (
    <Card
      title={t('retention.runs')}
      actions={
        hasRole(account, 'admin', 'coordinator') && (
          <Button
            loading={act.busy}
            onClick={() =>
              void act.run(
                (key) => call('/retention-runs', { method: 'POST', key }),
                t('retention.report_done'),
              )
            }
          >
            {t('retention.make_report')}
          </Button>
        )
      }
    >
      <p className="muted">{t('retention.runs_lead')}</p>
      <ProblemNotice error={act.error} />
      {query.isPending ? (
        <Loading lines={4} />
      ) : query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.data.length === 0 ? (
        <Empty title={t('retention.no_runs')} why={t('retention.no_runs_why')} />
      ) : (
        query.data.data.map((run) => (
          <Run
            key={run.id}
            run={run}
            own={run.requested_by === account.id}
            confirm={setConfirming}
            cancel={setCancelling}
          />
        ))
      )}
      {confirming && <Confirm run={confirming} close={() => setConfirming(null)} />}
      {cancelling && <Cancel run={cancelling} close={() => setCancelling(null)} />}
    </Card>
  );
}

function Run(props: {
  run: RetentionRun;
  own: boolean;
  confirm: (run: RetentionRun) => void;
  cancel: (run: RetentionRun) => void;
}) {
  const { t } = useTranslation();
  const { run, own, confirm, cancel } = props;
  const title = t('retention.run_of', { when: formatInstant(run.as_of) });
  return (
    <section className="stack" aria-label={title}>
      <div className="spread">
        <h3 className="card-title">{title}</h3>
        <div className="row" role="status">
          <StatusBadge group="retention_status" value={run.status} />
        </div>
      </div>
      {run.report && <Lines run={run} title={title} />}
      {run.confirmed_at && (
        <p className="muted small">
          {t('retention.confirmed', { when: formatInstant(run.confirmed_at) })}
        </p>
      )}
      {run.cancelled_at && (
        <p className="muted small wrap-any">
          {t('retention.cancelled', {
            when: formatInstant(run.cancelled_at),
            reason: run.cancel_reason ?? '',
          })}
        </p>
      )}
      {own && run.status === 'reported' && !allowed(run.can, 'confirm') && (
        <Notice>{t('retention.own')}</Notice>
      )}
      <div className="row">
        {allowed(run.can, 'confirm') && (
          <Button color="red" onClick={() => confirm(run)}>
            {t('retention.confirm')}
            <span className="sp-visually-hidden"> {title}</span>
          </Button>
        )}
        {allowed(run.can, 'cancel') && (
          <Button variant="default" onClick={() => cancel(run)}>
            {t('retention.cancel')}
            <span className="sp-visually-hidden"> {title}</span>
          </Button>
        )}
      </div>
    </section>
  );
}

function Lines({ run, title }: { run: RetentionRun; title: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const classes = useClasses();
  const nameOf = (code: string) =>
    name(classes.data?.find((row) => row.code === code)?.name) || code;
  const lines = linesOf(run);
  if (lines.length === 0) return <p>{t('retention.nothing')}</p>;
  return (
    <DataTable
      caption={title}
      rows={lines}
      rowKey={(row) => row.class}
      columns={[
        { id: 'class', header: t('retention.data'), lead: true, cell: (row) => nameOf(row.class) },
        {
          id: 'count',
          header: t('retention.count'),
          numeric: true,
          cell: (row) => formatNumber(row.count),
        },
        {
          id: 'held',
          header: t('retention.held'),
          numeric: true,
          cell: (row) => formatNumber(row.held),
        },
        {
          id: 'destroyed',
          header: t('retention.destroyed'),
          numeric: true,
          cell: (row) => formatNumber(row.destroyed),
        },
        {
          id: 'examples',
          header: t('retention.examples'),
          cell: (row) => row.examples.join(', ') || '–',
        },
      ]}
    />
  );
}

function Confirm({ run, close }: { run: RetentionRun; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const going = linesOf(run).reduce((sum, line) => sum + line.count - line.held, 0);
  return (
    <FormDialog
      opened
      close={close}
      title={t('retention.confirm')}
      submitText={t('retention.confirm')}
      danger
      busy={act.busy}
      error={act.error}
      onSubmit={() =>
        void act
          .run(
            () =>
              call(`/retention-runs/${run.id}/confirm`, {
                method: 'POST',
                etag: `"${run.version}"`,
              }),
            t('retention.confirm_done'),
          )
          .then((ok) => ok && close())
      }
    >
      <p>{t('retention.confirm_lead', { n: formatNumber(going) })}</p>
    </FormDialog>
  );
}

function Cancel({ run, close }: { run: RetentionRun; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      opened
      close={close}
      title={t('retention.cancel')}
      submitText={t('retention.cancel')}
      cancelText={t('ui.close')}
      busy={act.busy}
      error={act.error}
      disabled={!reason.trim()}
      onSubmit={() =>
        void act
          .run(
            () =>
              call(`/retention-runs/${run.id}/cancel`, {
                method: 'POST',
                etag: `"${run.version}"`,
                body: { reason: reason.trim() },
              }),
            t('retention.cancel_done'),
          )
          .then((ok) => ok && close())
      }
    >
      <p>{t('retention.cancel_lead')}</p>
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
