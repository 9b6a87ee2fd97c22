// What a file would change: counts by kind, every record with its fields before and after, and what of it is applied.
import { Button, Checkbox, MultiSelect } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes, useRegions } from '~/api/reference';
import type { ImportRun } from '~/api/types';
import { word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { FilterSelect } from '~/ui/fields';
import { formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page, RecordState } from '~/ui/page';
import { Notice } from '~/ui/states';
import { listQuery, usePage, useResource } from '~/ui/useResource';
import './imports.css';

const kinds = ['new', 'changed', 'moved', 'missing'] as const;
const applicable = ['new', 'changed', 'moved'] as const;
const subjects = ['household', 'individual'] as const;

interface FieldChange {
  field: string;
  ours: unknown;
  theirs: unknown;
  source: string | null;
  /** False where another source or a person is believed more. */
  applies: boolean;
}

interface Change {
  id: number;
  kind: (typeof kinds)[number];
  subject_kind: string;
  household_id: string | null;
  region_code: string;
  file: string | null;
  row: number | null;
  name: string | null;
  fields: FieldChange[];
}

interface Amounts {
  households: number;
  individuals: number;
}

export type ChangeCounts = Record<(typeof kinds)[number], Amounts>;
export type RunWithChanges = ImportRun & { changes?: ChangeCounts | null };

export function ImportChanges({ id }: { id: string }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const control = useList();
  const run = useResource<RunWithChanges>(['imports', id], `/imports/${id}`);
  const query = usePage<Change>(`/imports/${id}/changes`, listQuery(control));
  if (!run.data) return <RecordState query={run} back={t('places.imports')} />;
  const columns: Column<Change>[] = [
    {
      id: 'who',
      header: t('changes.who'),
      lead: true,
      cell: (row) =>
        row.household_id ? (
          <Link to="/households/$id" params={{ id: row.household_id }}>
            {row.name ?? t('changes.unnamed')}
          </Link>
        ) : (
          (row.name ?? t('changes.unnamed'))
        ),
    },
    {
      id: 'kind',
      header: t('changes.kind'),
      cell: (row) => (
        <>
          {word('change_kind', row.kind)}{' '}
          <span className="muted small">{word('change_subject', row.subject_kind)}</span>
        </>
      ),
    },
    {
      id: 'fields',
      header: t('changes.fields'),
      cell: (row) => <Fields row={row} />,
    },
    {
      id: 'region',
      header: t('problems.region'),
      cell: (row) => regions.full(row.region_code),
    },
    {
      id: 'row',
      header: t('changes.row'),
      extra: true,
      cell: (row) =>
        row.row === null ? '–' : `${row.file ? word('imports', row.file) : ''} ${row.row}`.trim(),
    },
  ];
  return (
    <Page
      back={t('places.imports')}
      title={t('changes.title')}
      lead={
        <Link to="/imports/$id" params={{ id }}>
          {word('import_profile', run.data.data.profile)}
        </Link>
      }
    >
      {run.data.data.changes && <ChangeTiles counts={run.data.data.changes} />}
      <Notice title={t('changes.missing_why')} />
      <ListPage<Change>
        id="import-changes"
        caption={t('changes.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => String(row.id)}
        filters={
          <>
            <FilterSelect
              label={t('changes.kind')}
              value={control.search.kind}
              options={kinds.map((value) => ({ value, label: word('change_kind', value) }))}
              onChange={(value) => control.setFilter('kind', value)}
            />
            <FilterSelect
              label={t('changes.subject')}
              value={control.search.subject_kind}
              options={subjects.map((value) => ({ value, label: word('change_subject', value) }))}
              onChange={(value) => control.setFilter('subject_kind', value)}
            />
            <FilterSelect
              label={t('households.kecamatan')}
              value={control.search.region}
              options={regions.options('kecamatan')}
              onChange={(value) => control.setFilter('region', value)}
            />
          </>
        }
        chip={(filter, value) =>
          filter === 'region'
            ? regions.name(value)
            : word(filter === 'kind' ? 'change_kind' : 'change_subject', value)
        }
        empty={{
          title: t('changes.none'),
          why: t(applied(run.data.data) ? 'changes.over' : 'changes.none_why'),
        }}
      />
    </Page>
  );
}

export function ChangeTiles({ counts }: { counts: ChangeCounts }) {
  const { t } = useTranslation();
  return (
    <dl className="counts">
      {kinds.map((kind) => (
        <div key={kind} className="count">
          <dt>{word('change_kind', kind)}</dt>
          <dd>
            {formatNumber(counts[kind].households)}
            <small>
              {t('changes.families_and', { people: formatNumber(counts[kind].individuals) })}
            </small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Fields({ row }: { row: Change }) {
  const { t } = useTranslation();
  const show = useShow();
  if (row.fields.length === 0) {
    return <span className="muted">{row.kind === 'missing' ? t('changes.gone') : '–'}</span>;
  }
  return (
    <ul className="change-fields">
      {row.fields.map((field) => (
        <li key={field.field}>
          <span className="muted">{fieldName(field.field)}:</span>{' '}
          <del>{show(field.field, field.ours)}</del> → <ins>{show(field.field, field.theirs)}</ins>
          {!field.applies && (
            <span className="change-kept">
              {t('changes.kept', { source: word('data_source', field.source ?? 'manual') })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** `housing.floor` and the like in words, or as the file calls it. */
function fieldName(field: string): string {
  const [group = '', name] = field.split('.');
  const whole = field.replace('.', '_');
  const own = word('change_field', whole);
  if (own !== whole) return own;
  if (!name) return field;
  const housing = word('housing', name);
  return housing === name ? `${word('change_field', group)}: ${name}` : housing;
}

function useShow() {
  const { t } = useTranslation();
  const relations = useCodes('relation');
  const marital = useCodes('marital_status');
  const regions = useRegions();
  return (field: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return t('changes.empty');
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (typeof value === 'boolean') return t(value ? 'ui.yes' : 'ui.no');
    if (field === 'relation') return relations.name(text);
    if (field === 'marital_status') return marital.name(text);
    if (field === 'sex') return word('sex', text);
    if (field === 'region_code') return regions.full(text);
    return text;
  };
}

/** Applying, all of it or only what was chosen. */
export function ApplyDialog({ run, close }: { run: RunWithChanges; close: () => void }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const act = useAct();
  const [chosen, setChosen] = useState<string[]>([...applicable]);
  const [areas, setAreas] = useState<string[]>([]);
  const all = chosen.length === applicable.length && areas.length === 0;
  function submit() {
    const body = all ? undefined : { kinds: chosen, ...(areas.length > 0 ? { areas } : {}) };
    void act
      .run(async () => {
        const current = await call<ImportRun>(`/imports/${run.id}`);
        await call(`/imports/${run.id}/apply`, {
          method: 'POST',
          etag: current.etag,
          ...(body ? { body } : {}),
        });
      }, t('imports.apply_done'))
      .then((ok) => ok && close());
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('imports.apply')}
      submitText={t('imports.apply')}
      busy={act.busy}
      error={act.error}
      disabled={chosen.length === 0}
      onSubmit={submit}
    >
      <p>{t('imports.apply_lead')}</p>
      <Checkbox.Group label={t('changes.apply_kinds')} value={chosen} onChange={setChosen}>
        <div className="stack">
          {applicable.map((kind) => (
            <Checkbox
              key={kind}
              value={kind}
              label={
                run.changes
                  ? t('changes.kind_with', {
                      kind: word('change_kind', kind),
                      n: formatNumber(run.changes[kind].households + run.changes[kind].individuals),
                    })
                  : word('change_kind', kind)
              }
            />
          ))}
        </div>
      </Checkbox.Group>
      <MultiSelect
        label={`${t('changes.apply_areas')} (${t('ui.optional')})`}
        description={t('changes.apply_areas_hint')}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('changes.clear') }}
        limit={60}
        data={[...regions.options('kecamatan'), ...regions.kelurahan]}
        value={areas}
        onChange={setAreas}
      />
    </FormDialog>
  );
}

/** The list is there to decide by; once that is done, the counts remain. */
const applied = (run: ImportRun) => !['validated', 'reviewed'].includes(run.status);

/** On the page of an import: what it would change, and the way to look at it. */
export function ChangeSummary({ run }: { run: RunWithChanges }) {
  const { t } = useTranslation();
  if (!run.changes) return null;
  return (
    <section className="stack" aria-label={t('changes.title')}>
      <div className="spread">
        <h2 className="card-title">{t('changes.title')}</h2>
        {!applied(run) && (
          <Button component={Link} to={`/imports/${run.id}/changes`} variant="default">
            {t('changes.look')}
          </Button>
        )}
      </div>
      <ChangeTiles counts={run.changes} />
    </section>
  );
}
