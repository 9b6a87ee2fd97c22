// What is kept for how long and by which law; an administrator may keep it longer.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '~/api/http';
import { getAll } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { allowed, FormDialog } from '~/ui/act';
import { ConflictDialog } from '~/ui/Conflict';
import { formatNumber } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { useMergeEdit } from '~/ui/useMergeEdit';
import type { RetentionClass } from './types';

/** The classes by code; the reports name them so. */
export function useClasses() {
  return useQuery({
    queryKey: ['retention-classes'],
    queryFn: () => getAll<RetentionClass>('/retention-classes'),
  });
}

export function Classes() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [editing, setEditing] = useState<RetentionClass | null>(null);
  const query = useClasses();
  return (
    <Card flush title={t('retention.classes')}>
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.length === 0 ? (
        <Empty title={t('retention.no_classes')} />
      ) : (
        <DataTable
          caption={t('retention.classes')}
          rows={query.data}
          rowKey={(row) => row.code}
          columns={[
            { id: 'name', header: t('retention.data'), lead: true, cell: (row) => name(row.name) },
            {
              id: 'after',
              header: t('retention.after'),
              cell: (row) => t('retention.days', { n: formatNumber(row.after_days) }),
            },
            {
              id: 'action',
              header: t('retention.becomes'),
              cell: (row) => word('retention_action', row.action),
            },
            { id: 'basis', header: t('retention.basis'), cell: (row) => row.basis },
          ]}
          {...(query.data.some((row) => allowed(row.can, 'update')) && {
            cellActions: (row: RetentionClass) => (
              <Button variant="subtle" size="sm" onClick={() => setEditing(row)}>
                {t('ui.edit')}
                <span className="sp-visually-hidden"> {name(row.name)}</span>
              </Button>
            ),
          })}
        />
      )}
      {editing && (
        <EditClass
          key={editing.code}
          seen={{ data: editing, etag: `"${editing.version}"`, location: undefined }}
          close={() => setEditing(null)}
        />
      )}
    </Card>
  );
}

const flatten = (row: RetentionClass) => ({ after_days: String(row.after_days), basis: row.basis });

function EditClass({ seen, close }: { seen: Answer<RetentionClass>; close: () => void }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [draft, setDraft] = useState(flatten(seen.data));
  const edit = useMergeEdit<RetentionClass>({
    path: `/retention-classes/${seen.data.code}`,
    seen,
    flatten,
    toPatch: (fields) =>
      'after_days' in fields ? { ...fields, after_days: Number(fields.after_days) } : fields,
    done: t('ui.saved'),
    onDone: close,
  });
  if (edit.clash) {
    const show = (value: unknown) => String(value ?? '');
    return (
      <ConflictDialog
        fields={[
          { key: 'after_days', label: t('retention.after_days'), show },
          { key: 'basis', label: t('retention.basis'), show },
        ]}
        base={edit.base}
        mine={edit.clash.mine}
        theirs={edit.clash.theirs}
        busy={edit.busy}
        error={edit.error}
        onKeep={(patch) => void edit.keep(patch)}
        onDiscard={() => void edit.discard()}
      />
    );
  }
  const errors = fieldErrors(edit.error);
  const least = seen.data.least_days;
  const days = Number(draft.after_days);
  const daysOk = /^\d{1,5}$/.test(draft.after_days) && days >= least && days <= 36_500;
  return (
    <FormDialog
      opened
      close={close}
      title={`${t('ui.edit')}: ${name(seen.data.name)}`}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => daysOk && draft.basis.trim() && void edit.save({ ...draft })}
    >
      <TextInput
        label={t('retention.after_days')}
        description={t('retention.least', { n: formatNumber(least) })}
        required
        inputMode="numeric"
        maxLength={5}
        value={draft.after_days}
        error={errors.after_days ?? (!daysOk && t('retention.least', { n: formatNumber(least) }))}
        onChange={(event) => setDraft({ ...draft, after_days: event.currentTarget.value.trim() })}
      />
      <Textarea
        label={t('retention.basis')}
        required
        autosize
        minRows={2}
        maxLength={500}
        value={draft.basis}
        error={errors.basis ?? (!draft.basis.trim() && t('ui.required'))}
        onChange={(event) => setDraft({ ...draft, basis: event.currentTarget.value })}
      />
    </FormDialog>
  );
}
