// A program's households: how many by kecamatan, how the rule narrows them clause by clause, and who they are.
import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isStatus } from '~/api/problem';
import { useCodes, useRegions } from '~/api/reference';
import type { Program } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Card, Page, RecordState } from '~/ui/page';
import { Empty, Loading, Notice } from '~/ui/states';
import { listQuery, usePage, useResource } from '~/ui/useResource';
import { CountTiles } from './CountTiles';
import { Funnel } from './Funnel';
import { OutcomeBadge } from './OutcomeBadge';
import type { MatchCounts, ProgramMatch } from './types';
import { Where } from './Where';
import './matching.css';

export function ProgramMatches({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const account = useAccount();
  const codes = useCodes('needs');
  const program = useResource<Program>(['programs', id], `/programs/${id}`);
  const query = useResource<MatchCounts>(
    ['programs', id, 'match-counts'],
    `/programs/${id}/match-counts`,
  );
  const counts = query.data?.data;
  if (!program.data) return <RecordState query={program} back={t('places.programs')} />;
  // An agency and a foundation are told how many, not who.
  const seesWho = hasRole(account, 'coordinator', 'social_worker', 'village_operator', 'auditor');
  const { access_mode, needs, status } = program.data.data;
  // What is given by referral is sent from the workbench, need by need.
  const sends =
    access_mode === 'referral' &&
    status === 'published' &&
    hasRole(account, 'coordinator', 'social_worker');
  return (
    <Page
      back={t('places.programs')}
      title={t('match.reaches')}
      actions={
        sends &&
        needs.map((need) => (
          <Button
            key={need}
            component={Link}
            to="/matching"
            search={{ need, program: id } as never}
            leftSection={<IconSend size={18} aria-hidden="true" />}
          >
            {t('match.to_bench', { need: codes.name(need) })}
          </Button>
        ))
      }
      lead={
        <Link to="/programs/$id" params={{ id }}>
          {name(program.data.data.name)}
        </Link>
      }
    >
      {!counts ? (
        <div className="card">
          {isStatus(query.error, 404) ? (
            <Empty title={t('match.not_counted')} why={t('match.not_counted_why')} />
          ) : (
            <Loading />
          )}
        </div>
      ) : counts.evaluated_at === null ? (
        <Notice title={t('match.not_evaluated')}>
          <p>{t('match.not_evaluated_why')}</p>
        </Notice>
      ) : (
        <>
          <Card>
            <CountTiles counts={counts} />
            <p className="muted small">
              {t('match.evaluated', {
                at: formatInstant(counts.evaluated_at),
                n: counts.rule_version ?? 0,
              })}
            </p>
          </Card>
          <Funnel programId={id} />
          <Where counts={counts} />
          {seesWho ? (
            <Who programId={id} />
          ) : (
            <Notice title={t('match.numbers_only')}>
              <p>{t('match.numbers_only_why')}</p>
            </Notice>
          )}
        </>
      )}
    </Page>
  );
}

function Who({ programId }: { programId: string }) {
  const { t } = useTranslation();
  const control = useList();
  const regions = useRegions();
  const query = usePage<ProgramMatch>(`/programs/${programId}/matches`, listQuery(control));
  const { region } = control.search;
  const columns: Column<ProgramMatch>[] = [
    {
      id: 'head',
      header: t('match.household'),
      lead: true,
      cell: (row) => row.head_name ?? row.household_id.slice(-12),
    },
    { id: 'region', header: t('match.region'), cell: (row) => regions.full(row.region_code) },
    { id: 'decile', header: t('match.decile'), numeric: true, cell: (row) => row.decile ?? '–' },
    {
      id: 'members',
      header: t('match.members'),
      numeric: true,
      cell: (row) => formatNumber(row.members_count),
    },
    {
      id: 'outcome',
      header: t('match.verdict'),
      cell: (row) => <OutcomeBadge outcome={row.outcome} />,
    },
    {
      id: 'evaluated',
      header: t('match.evaluated_at'),
      cell: (row) => formatInstant(row.evaluated_at),
      extra: true,
    },
  ];
  return (
    <section aria-label={t('match.who')}>
      <ListPage<ProgramMatch>
        id="program_matches"
        caption={t('match.who')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.household_id}
        href={(row) => `/households/${row.household_id}?tab=matches`}
        filters={
          <>
            <FilterSelect
              label={t('match.verdict')}
              value={control.search.outcome}
              options={(['eligible', 'needs_data'] as const).map((value) => ({
                value,
                label: t(`match.outcome.${value}`),
              }))}
              onChange={(value) => control.setFilter('outcome', value)}
            />
            <FilterSelect
              label={t('rule.district')}
              value={region}
              options={regions.options('kecamatan')}
              onChange={(value) => control.setFilter('region', value)}
            />
          </>
        }
        chip={(filter, value) =>
          filter === 'region' ? regions.name(value) : t(`match.outcome.${value as 'eligible'}`)
        }
        empty={{ title: t('match.nobody'), why: t('match.nobody_why') }}
      />
    </section>
  );
}
