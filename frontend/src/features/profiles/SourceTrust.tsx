// How far each source is believed for a field; one proposes a change, another confirms it.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { getAll } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect, PickSelect } from '~/ui/fields';
import { formatInstant, formatNumber } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card, Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Loading, ProblemNotice, ProblemState } from '~/ui/states';
import { ProfileTabs } from './ProfileTabs';
import type { SourceTrust, TrustProposal } from './types';

const fields = [
  'region',
  'address',
  'decile',
  'declared_members',
  'housing',
  'assets',
  'family',
  'relation',
  'marital_status',
  'facts',
];
const fieldOptions = () => fields.map((value) => ({ value, label: word('trust_field', value) }));
type Line = Pick<SourceTrust, 'field' | 'source' | 'rank' | 'stale_months'>;

export default function SourceTrustPage() {
  const { t } = useTranslation();
  const account = useAccount();
  const proposes = hasRole(account, 'admin');
  const [field, setField] = useState<string>();
  const [proposing, setProposing] = useState<Line | null>(null);
  const query = useQuery({
    queryKey: ['source-trust'],
    queryFn: () => getAll<SourceTrust>('/source-trust'),
  });
  // Field by field, whoever is believed most first.
  const rows = (query.data ?? [])
    .filter((row) => !field || row.field === field)
    .sort((a, b) => fields.indexOf(a.field) - fields.indexOf(b.field) || b.rank - a.rank);
  const stale = (row: Line) =>
    row.stale_months === null
      ? t('profiles.never')
      : t('profiles.months', { n: formatNumber(row.stale_months) });
  return (
    <Page
      title={t('profiles.trust')}
      lead={t('profiles.trust_lead')}
      actions={
        proposes && (
          <Button
            onClick={() =>
              setProposing({ field: field ?? '', source: '', rank: 10, stale_months: null })
            }
          >
            {t('profiles.propose')}
          </Button>
        )
      }
    >
      <ProfileTabs at="trust" />
      <Proposals stale={stale} />
      <Card flush title={t('profiles.ranks')}>
        <div className="card-pad">
          <FilterSelect
            label={t('profiles.field')}
            width={260}
            value={field}
            options={fieldOptions()}
            onChange={setField}
          />
        </div>
        {query.isPending ? (
          <Loading />
        ) : query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <DataTable
            caption={t('profiles.ranks')}
            rows={rows}
            rowKey={(row) => `${row.field}/${row.source}`}
            columns={[
              {
                id: 'field',
                header: t('profiles.field'),
                lead: true,
                cell: (row) => word('trust_field', row.field),
              },
              {
                id: 'source',
                header: t('profiles.source'),
                cell: (row) => word('trust_source', row.source),
              },
              {
                id: 'rank',
                header: t('profiles.rank'),
                numeric: true,
                cell: (row) => formatNumber(row.rank),
              },
              { id: 'stale', header: t('profiles.stale'), cell: stale },
            ]}
            {...(proposes && {
              cellActions: (row: SourceTrust) => (
                <Button variant="subtle" size="sm" onClick={() => setProposing(row)}>
                  {t('profiles.propose_row')}
                  <span className="sp-visually-hidden">
                    {' '}
                    {word('trust_field', row.field)}, {word('trust_source', row.source)}
                  </span>
                </Button>
              ),
            })}
          />
        )}
      </Card>
      {proposing && <Propose line={proposing} close={() => setProposing(null)} />}
    </Page>
  );
}

function Proposals({ stale }: { stale: (row: Line) => string }) {
  const { t } = useTranslation();
  const act = useAct();
  const query = useQuery({
    queryKey: ['source-trust-proposals'],
    queryFn: () => getAll<TrustProposal>('/source-trust-proposals'),
  });
  const decide = (row: TrustProposal, verb: 'confirm' | 'withdraw') =>
    void act.run(
      () =>
        call(`/source-trust-proposals/${row.id}/${verb}`, {
          method: 'POST',
          etag: `"${row.version}"`,
        }),
      t(`profiles.${verb}_done`),
    );
  return (
    <Card flush title={t('profiles.proposals')}>
      {act.error ? (
        <div className="card-pad">
          <ProblemNotice error={act.error} />
        </div>
      ) : null}
      {query.isPending ? (
        <Loading lines={2} />
      ) : query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <p className="card-note muted">{t('profiles.no_proposals')}</p>
      ) : (
        <DataTable
          caption={t('profiles.proposals')}
          rows={query.data}
          rowKey={(row) => row.id}
          columns={[
            {
              id: 'what',
              header: t('profiles.field'),
              lead: true,
              cell: (row) =>
                `${word('trust_field', row.field)}, ${word('trust_source', row.source)}`,
            },
            {
              id: 'rank',
              header: t('profiles.rank'),
              numeric: true,
              cell: (row) => formatNumber(row.rank),
            },
            { id: 'stale', header: t('profiles.stale'), cell: stale },
            { id: 'reason', header: t('profiles.reason'), cell: (row) => row.reason },
            {
              id: 'status',
              header: t('ui.status'),
              cell: (row) => <StatusBadge group="trust_status" value={row.status} />,
            },
            {
              id: 'when',
              header: t('profiles.written'),
              cell: (row) => formatInstant(row.created_at),
            },
          ]}
          cellActions={(row) => (
            <div className="row">
              {(['confirm', 'withdraw'] as const)
                .filter((verb) => allowed(row.can, verb))
                .map((verb) => (
                  <Button
                    key={verb}
                    size="sm"
                    variant={verb === 'confirm' ? 'filled' : 'default'}
                    disabled={act.busy}
                    onClick={() => decide(row, verb)}
                  >
                    {t(`profiles.${verb}`)}
                    <span className="sp-visually-hidden">
                      {' '}
                      {word('trust_field', row.field)}, {word('trust_source', row.source)}
                    </span>
                  </Button>
                ))}
            </div>
          )}
        />
      )}
    </Card>
  );
}

function Propose({ line, close }: { line: Line; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [draft, setDraft] = useState({
    field: line.field,
    source: line.source,
    rank: String(line.rank),
    stale: line.stale_months === null ? '' : String(line.stale_months),
    reason: '',
  });
  const errors = fieldErrors(act.error);
  const ready =
    draft.field && draft.source.trim() && /^\d{1,3}$/.test(draft.rank) && draft.reason.trim();
  return (
    <FormDialog
      opened
      close={close}
      title={t('profiles.propose')}
      submitText={t('profiles.propose')}
      busy={act.busy}
      error={act.error}
      disabled={!ready}
      onSubmit={() =>
        void act
          .run(
            (key) =>
              call('/source-trust-proposals', {
                method: 'POST',
                key,
                body: {
                  field: draft.field,
                  source: draft.source.trim(),
                  rank: Number(draft.rank),
                  stale_months: /^\d+$/.test(draft.stale) ? Number(draft.stale) : null,
                  reason: draft.reason.trim(),
                },
              }),
            t('profiles.proposed'),
          )
          .then((ok) => ok && close())
      }
    >
      <p className="muted small">{t('profiles.propose_lead')}</p>
      <PickSelect
        label={t('profiles.field')}
        required
        value={draft.field}
        options={fieldOptions()}
        error={errors.field}
        onChange={(field) => setDraft({ ...draft, field })}
      />
      <TextInput
        label={t('profiles.source')}
        description={t('profiles.source_hint')}
        required
        maxLength={40}
        value={draft.source}
        error={errors.source}
        onChange={(event) => setDraft({ ...draft, source: event.currentTarget.value })}
      />
      <TextInput
        label={t('profiles.rank')}
        description={t('profiles.rank_hint')}
        required
        inputMode="numeric"
        maxLength={3}
        value={draft.rank}
        error={errors.rank}
        onChange={(event) => setDraft({ ...draft, rank: event.currentTarget.value.trim() })}
      />
      <TextInput
        label={t('profiles.stale')}
        description={t('profiles.stale_hint')}
        inputMode="numeric"
        maxLength={3}
        value={draft.stale}
        error={errors.stale_months}
        onChange={(event) => setDraft({ ...draft, stale: event.currentTarget.value.trim() })}
      />
      <Textarea
        label={t('profiles.reason')}
        required
        autosize
        minRows={2}
        maxLength={1000}
        value={draft.reason}
        error={errors.reason}
        onChange={(event) => setDraft({ ...draft, reason: event.currentTarget.value })}
      />
    </FormDialog>
  );
}
