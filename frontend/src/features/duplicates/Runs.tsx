// The search over the whole registry: when it was done last, what it found, and the button that asks for it.
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { call, get } from '~/api/http';
import type { Page } from '~/api/types';
import { refreshData } from '~/app/queries';
import { useAct } from '~/ui/act';
import { formatInstant, formatNumber } from '~/ui/format';
import { ProblemNotice } from '~/ui/states';
import type { Run } from './types';

const ASK_AGAIN = 2000;
const going = (run: Run | undefined) => run?.state === 'queued' || run?.state === 'running';

function useLastRun() {
  return useQuery({
    queryKey: ['page', '/duplicate-runs'],
    queryFn: ({ signal }) => get<Page<Run>>('/duplicate-runs', { limit: 1 }, signal),
    refetchInterval: ({ state }) => (going(state.data?.data[0]) ? ASK_AGAIN : false),
  });
}

export function FindDuplicates() {
  const { t } = useTranslation();
  const act = useAct();
  const run = useLastRun().data?.data[0];
  return (
    <div className="stack">
      <Button
        variant="default"
        leftSection={<IconRefresh size={18} aria-hidden="true" />}
        loading={act.busy}
        disabled={going(run)}
        onClick={() =>
          void act.run((key) => call('/duplicate-runs', { method: 'POST', key }), t('dup.run_done'))
        }
      >
        {t('dup.find')}
      </Button>
      <ProblemNotice error={act.error} />
    </div>
  );
}

export function LastRun() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useLastRun();
  const run = query.data?.data[0];
  const was = useRef(false);
  const now = going(run);
  useEffect(() => {
    if (was.current && !now) void refreshData(queries);
    was.current = now;
  }, [now, queries]);
  if (!query.data) return null;
  return (
    <p className="muted" role="status">
      {!run
        ? t('dup.never_run')
        : now
          ? t('dup.running')
          : run.state === 'succeeded'
            ? t('dup.last_run', {
                when: formatInstant(run.finished_at),
                people: formatNumber(run.people),
                found: formatNumber(run.found),
                added: formatNumber(run.added),
              })
            : t('dup.run_failed', { when: formatInstant(run.created_at) })}
    </p>
  );
}
