// One version of a layout: what it reads as what, and the second key that puts it into use.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useAccount } from '~/app/account';
import { useLanguage, word } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatInstant, formatNumber } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { Notice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import type { ImportProfile, LayoutColumn } from './types';

const verbs = ['activate', 'retire', 'discard'] as const;
type Verb = (typeof verbs)[number];

export function ProfilePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const account = useAccount();
  const query = useResource<ImportProfile>(['import-profiles', id], `/import-profiles/${id}`);
  const [doing, setDoing] = useState<Verb | null>(null);
  const profile = query.data?.data;
  if (!profile) return <RecordState query={query} back={t('places.import_profiles')} />;
  return (
    <Page
      back={t('places.import_profiles')}
      title={t('profiles.of', {
        name: name(profile.label),
        n: formatNumber(profile.profile_version),
      })}
      actions={verbs
        .filter((verb) => allowed(profile.can, verb))
        .map((verb) => (
          <Button
            key={verb}
            variant={verb === 'activate' ? 'filled' : 'default'}
            onClick={() => setDoing(verb)}
          >
            {t(`profiles.${verb}`)}
          </Button>
        ))}
    >
      {profile.status === 'draft' && !allowed(profile.can, 'activate') && (
        <Notice title={t('profiles.waits')}>
          <p>
            {t(profile.drafted_by === account.id ? 'profiles.waits_own' : 'profiles.waits_why')}
          </p>
        </Notice>
      )}
      <Card>
        <div className="row">
          <StatusBadge group="profile_status" value={profile.status} />
        </div>
        <Facts
          items={[
            [t('profiles.name'), profile.name],
            [t('profiles.origin'), word('profile_origin', profile.origin)],
            [t('profiles.content'), word('profile_list', profile.list ?? 'families')],
            [t('profiles.written'), formatInstant(profile.created_at)],
            profile.activated_at
              ? [t('profiles.since'), formatInstant(profile.activated_at)]
              : null,
          ]}
        />
        {profile.sensitive && <p className="muted small">{t('profiles.sensitive')}</p>}
      </Card>
      {(profile.definition?.files ?? []).map((file) => (
        <Columns key={file.file} part={file.file} columns={file.columns} />
      ))}
      {doing && query.data && (
        <Decide verb={doing} id={id} etag={query.data.etag} close={() => setDoing(null)} />
      )}
    </Page>
  );
}

function Columns({ part, columns }: { part: string; columns: LayoutColumn[] }) {
  const { t } = useTranslation();
  const title = word('profile_part', part);
  return (
    <Card flush title={title}>
      <DataTable
        caption={title}
        rows={columns}
        rowKey={(row) => row.variable}
        columns={[
          {
            id: 'variable',
            header: t('profiles.variable'),
            lead: true,
            cell: (row) => word('profile_variable', row.variable),
          },
          {
            id: 'headings',
            header: t('profiles.headings'),
            cell: (row) => (
              <span className="wrap-any">{[row.header, ...(row.aliases ?? [])].join(', ')}</span>
            ),
          },
          {
            id: 'codes',
            header: t('profiles.codes'),
            cell: (row) =>
              Object.entries(row.codes ?? {})
                .map(([value, code]) => `${value} → ${code}`)
                .join(', ') || '–',
          },
        ]}
      />
    </Card>
  );
}

function Decide(props: { verb: Verb; id: string; etag: string | undefined; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const { verb, id, etag, close } = props;
  return (
    <FormDialog
      opened
      close={close}
      title={t(`profiles.${verb}`)}
      submitText={t(`profiles.${verb}`)}
      busy={act.busy}
      error={act.error}
      onSubmit={() =>
        void act
          .run(
            () => call(`/import-profiles/${id}/${verb}`, { method: 'POST', etag }),
            t(`profiles.${verb}_done`),
          )
          .then((ok) => ok && close())
      }
    >
      <p>{t(`profiles.${verb}_lead`)}</p>
    </FormDialog>
  );
}
