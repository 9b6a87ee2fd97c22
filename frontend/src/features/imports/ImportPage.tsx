import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, call, download } from '~/api/http';
import type { ImportCounts, ImportRun } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { CopyText } from '~/ui/CopyText';
import { formatInstant, formatNumber, formatPeriod } from '~/ui/format';
import { Card, Page, RecordState } from '~/ui/page';
import { Notice, ProblemNotice } from '~/ui/states';
import { ApplyDialog, ChangeSummary, type RunWithChanges } from './Changes';
import { Issues } from './Issues';
import { isBusy, Progress } from './Progress';
import { Steps, stepOf } from './Steps';

const verbs = ['review', 'apply', 'undo', 'cancel'] as const;
type Verb = (typeof verbs)[number];
const checked = ['validated', 'reviewed', 'applying', 'applied', 'undone'];

export function ImportPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [verb, setVerb] = useState<Verb | null>(null);
  const query = useQuery<Answer<RunWithChanges>>({
    queryKey: ['imports', id],
    queryFn: ({ signal }) => call<RunWithChanges>(`/imports/${id}`, { signal }),
    refetchInterval: (state) => (isBusy(state.state.data?.data.status ?? '') ? 1500 : false),
  });
  const run = query.data?.data;
  if (!run) {
    return <RecordState query={query} back={t('places.imports')} />;
  }
  return (
    <Page
      back={t('places.imports')}
      title={`${word('import_profile', run.profile)} · ${formatPeriod(run.period)}`}
      lead={`${t('imports.started')} ${formatInstant(run.created_at)}`}
      actions={verbs
        .filter(
          (action) => allowed(run.can, action) || (action === 'apply' && run.status === 'reviewed'),
        )
        .map((action) => (
          <CanButton
            key={action}
            can={run.can}
            action={action}
            why={t('can.no_duty')}
            variant={action === 'review' || action === 'apply' ? 'filled' : 'default'}
            onClick={() => setVerb(action)}
          >
            {t(`imports.${action}`)}
          </CanButton>
        ))}
    >
      <Steps at={stepOf(run.status)} />
      <div className="row">
        <StatusBadge group="import_status" value={run.status} />
        <span className="muted small">{t('ui.record_id')}</span>
        <CopyText text={run.id} short={run.id.slice(-12)} />
      </div>
      {isBusy(run.status) && <Progress run={run} />}
      {(run.status === 'failed' || run.status === 'rejected') && (
        <Notice tone="bad" title={t('imports.failed')}>
          {run.error && (
            <p>
              {[run.error.file && word('imports', run.error.file), name(run.error.message)]
                .filter(Boolean)
                .join(': ')}
            </p>
          )}
          <p>{t('imports.failed_why')}</p>
        </Notice>
      )}
      {run.status === 'applied' && (
        <Notice tone="good" title={t('imports.applied')} role="status">
          <p>
            {run.applied
              ? t('imports.applied_counts', {
                  households: formatNumber(run.applied.households_created),
                  people: formatNumber(run.applied.individuals_created),
                })
              : t('imports.applied_why')}
          </p>
          <Button component={Link} to="/households" variant="default">
            {t('imports.see_households')}
          </Button>
        </Notice>
      )}
      {checked.includes(run.status) && (
        <>
          <Counts counts={run.counts} />
          <ChangeSummary run={run} />
          <Corrections run={run} />
          <h2 className="card-title">{t('imports.issues')}</h2>
          <Issues id={id} counts={run.counts} />
        </>
      )}
      {verb === 'apply' && run.changes ? (
        <ApplyDialog run={run} close={() => setVerb(null)} />
      ) : (
        verb && <Transition run={run} verb={verb} close={() => setVerb(null)} />
      )}
    </Page>
  );
}

const tiles: [keyof ImportCounts, '' | 'good' | 'warn' | 'bad'][] = [
  ['rows', ''],
  ['accepted', 'good'],
  ['repaired', ''],
  ['warned', 'warn'],
  ['dropped', 'warn'],
  ['conflicts', 'bad'],
  ['rejected', 'bad'],
];

function Counts({ counts }: { counts: ImportCounts }) {
  const { t } = useTranslation();
  return (
    <dl className="counts">
      {tiles.map(([name, tone]) => (
        <div key={name} className={tone ? `count count-${tone}` : 'count'}>
          <dt>{t(`imports.${name}`)}</dt>
          <dd data-count={name}>
            {formatNumber(counts[name] ?? 0)}
            {name !== 'rows' && <small>{t(`imports.hint_${name}`)}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Corrections({ run }: { run: ImportRun }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState('');
  const parts = (['families', 'members', 'list'] as const).filter((part) =>
    run.files?.some(({ file }) => file === part),
  );
  const [error, setError] = useState<unknown>(null);
  const waiting =
    (run.counts.rejected ?? 0) + (run.counts.conflicts ?? 0) + (run.counts.dropped ?? 0);
  async function save(file: string, format: string) {
    setBusy(`${file}.${format}`);
    setError(null);
    try {
      await download(`/imports/${run.id}/rejected`, { file, format }, `${file}.${format}`);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy('');
    }
  }
  return (
    <Card title={t('imports.correct')}>
      <p className="muted">{waiting > 0 ? t('imports.correct_lead') : t('imports.correct_none')}</p>
      <ProblemNotice error={error} />
      {waiting > 0 && (
        <div className="row">
          {parts.flatMap((file) =>
            ['xlsx', 'csv'].map((format) => (
              <Button
                key={file + format}
                variant={format === 'xlsx' ? 'light' : 'default'}
                loading={busy === `${file}.${format}`}
                leftSection={<IconDownload size={18} aria-hidden="true" />}
                onClick={() => void save(file, format)}
              >
                {t(`imports.${file}`)} ({format.toUpperCase()})
              </Button>
            )),
          )}
        </div>
      )}
    </Card>
  );
}

function Transition({ run, verb, close }: { run: ImportRun; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  function submit() {
    void act.run(
      async (_key) => {
        const current = await call<ImportRun>(`/imports/${run.id}`);
        await call(`/imports/${run.id}/${verb}`, {
          method: 'POST',
          etag: current.etag,
        });
        close();
      },
      t(`imports.${verb}_done`),
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t(`imports.${verb}`)}
      submitText={t(`imports.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={verb === 'cancel' || verb === 'undo'}
      onSubmit={submit}
    >
      <p>{t(`imports.${verb}_lead`)}</p>
    </FormDialog>
  );
}
