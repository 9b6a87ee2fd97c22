// One list of the official vocabulary. An administrator adds, renames, orders and retires its
// entries; a code is for ever, because records name it.
import { Button, Checkbox } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { CodeEntry, CodeList } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { DataTable } from '~/ui/list/DataTable';
import { Card, Page, RecordState } from '~/ui/page';
import { Empty, ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { AddEntry, EditEntry, RenameList } from './EntryForms';

export function CodeListPage({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const { name, language } = useLanguage();
  const [retired, setRetired] = useState(false);
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const [editing, setEditing] = useState<CodeEntry | null>(null);
  const [retiring, setRetiring] = useState<CodeEntry | null>(null);
  const act = useAct();
  const path = `/code-lists/${slug}`;
  const query = useResource<CodeList>(
    ['code-list', slug, String(retired)],
    `${path}${retired ? '?include_retired=true' : ''}`,
  );
  const list = query.data?.data;
  // Names of codes are kept for long by every screen; a new version sends them all to ask again.
  const queries = useQueryClient();
  const version = list?.version;
  useEffect(() => {
    if (version !== undefined) void queries.invalidateQueries({ queryKey: ['code-lists'] });
  }, [version, queries]);
  if (!list || !query.data) return <RecordState query={query} back={t('places.codes')} />;
  const entries = list.entries ?? [];
  const edits = allowed(list.can, 'update');
  const seen = query.data;
  const setInUse = (entry: CodeEntry, verb: 'retire' | 'restore') =>
    act.run(
      () => call(`${path}/entries/${entry.code}/${verb}`, { method: 'POST', etag: seen.etag }),
      t(`codes.${verb}_done`),
    );
  return (
    <Page
      back={t('places.codes')}
      title={name(list.name)}
      lead={t('codes.edition', { version: list.version, n: entries.length })}
      actions={
        edits && (
          <>
            <Button
              variant="default"
              leftSection={<IconPencil size={18} aria-hidden="true" />}
              onClick={() => setRenaming(true)}
            >
              {t('codes.rename')}
            </Button>
            <Button
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              onClick={() => setAdding(true)}
            >
              {t('codes.add')}
            </Button>
          </>
        )
      }
    >
      {edits && (
        <Checkbox
          label={t('codes.show_retired')}
          checked={retired}
          onChange={(event) => setRetired(event.currentTarget.checked)}
        />
      )}
      {!retiring && <ProblemNotice error={act.error} />}
      <Card flush>
        {entries.length === 0 ? (
          <Empty title={t('codes.no_entries')} />
        ) : (
          <DataTable
            caption={name(list.name)}
            rows={entries}
            rowKey={(row) => row.code}
            columns={[
              {
                id: 'name',
                header: t('codes.name'),
                lead: true,
                cell: (row) => (
                  <>
                    <span className="strong">{name(row.name)}</span>
                    {row.retired_in_version !== null && (
                      <>
                        {' '}
                        <span className="badge">
                          {t('codes.retired_in', { version: row.retired_in_version })}
                        </span>
                      </>
                    )}
                  </>
                ),
              },
              {
                id: 'other',
                header: t(language === 'id' ? 'codes.english' : 'codes.indonesian'),
                cell: (row) => (language === 'id' ? row.name.en : row.name.id),
              },
              {
                id: 'code',
                header: t('codes.code'),
                cell: (row) => <span className="sp-mono">{row.code}</span>,
              },
              {
                id: 'sensitivity',
                header: t('codes.sensitivity'),
                cell: (row) => word('sensitivity', row.sensitivity),
              },
            ]}
            {...(edits && {
              cellActions: (row: CodeEntry) =>
                row.retired_in_version === null ? (
                  <>
                    <Button variant="subtle" size="sm" onClick={() => setEditing(row)}>
                      {t('ui.edit')}
                      <span className="sp-visually-hidden"> {name(row.name)}</span>
                    </Button>
                    <Button variant="subtle" color="red" size="sm" onClick={() => setRetiring(row)}>
                      {t('codes.retire')}
                      <span className="sp-visually-hidden"> {name(row.name)}</span>
                    </Button>
                  </>
                ) : (
                  <Button
                    variant="subtle"
                    size="sm"
                    loading={act.busy}
                    onClick={() => void setInUse(row, 'restore')}
                  >
                    {t('codes.restore')}
                    <span className="sp-visually-hidden"> {name(row.name)}</span>
                  </Button>
                ),
            })}
          />
        )}
      </Card>
      <FormDialog
        opened={retiring !== null}
        close={() => {
          act.clear();
          setRetiring(null);
        }}
        title={`${t('codes.retire')}: ${name(retiring?.name)}`}
        submitText={t('codes.retire')}
        danger
        busy={act.busy}
        error={act.error}
        onSubmit={() =>
          retiring && void setInUse(retiring, 'retire').then((ok) => ok && setRetiring(null))
        }
      >
        <p>{t('codes.retire_lead')}</p>
      </FormDialog>
      {adding && <AddEntry seen={seen} close={() => setAdding(false)} />}
      {renaming && <RenameList seen={seen} close={() => setRenaming(false)} />}
      {editing && (
        <EditEntry
          key={editing.code}
          seen={seen}
          code={editing.code}
          close={() => setEditing(null)}
        />
      )}
    </Page>
  );
}
