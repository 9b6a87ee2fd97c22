// Live progress of an import: the operation is asked every second while it runs.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import type { ImportRun, Operation } from '~/api/types';
import { word } from '~/i18n';
import { formatNumber, formatSeconds } from '~/ui/format';
import { Card } from '~/ui/page';

export function isBusy(status: string): boolean {
  return status === 'uploaded' || status === 'staging' || status === 'applying';
}

export function Progress({ run }: { run: ImportRun }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const started = useRef<{ at: number; done: number } | null>(null);
  const query = useQuery({
    queryKey: ['operations', run.operation_id],
    queryFn: () => get<Operation>(`/operations/${run.operation_id}`),
    enabled: Boolean(run.operation_id),
    refetchInterval: 1000,
  });
  const operation = query.data;
  const over = operation !== undefined && !['queued', 'running'].includes(operation.state);
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: ['imports', run.id] });
  }, [over, queries, run.id]);

  const done = operation?.progress.done ?? 0;
  const total = operation?.progress.total ?? null;
  if (operation && started.current === null) started.current = { at: Date.now(), done };
  const seconds = started.current ? (Date.now() - started.current.at) / 1000 : 0;
  const rate = seconds > 1 ? (done - (started.current?.done ?? 0)) / seconds : 0;
  const unit = word('imports', `unit_${operation?.progress.unit ?? 'rows'}`).replace(/^unit_/, '');
  return (
    <Card
      title={t(run.status === 'applying' ? 'imports.working_applying' : 'imports.working_staging')}
    >
      <div className="stack" role="status" aria-live="polite">
        <progress
          className="sp-visually-hidden"
          {...(total ? { value: done, max: total } : {})}
          aria-label={t('imports.working_staging')}
        />
        <div className="meter" aria-hidden="true">
          <span style={{ width: `${total ? Math.min(100, (100 * done) / total) : 8}%` }} />
        </div>
        <p className="sp-num">
          {total
            ? t('imports.progress', { done: formatNumber(done), total: formatNumber(total), unit })
            : t('imports.progress_open', { done: formatNumber(done), unit })}
        </p>
        {total !== null && rate > 0 && (
          <p className="muted small sp-num">
            {t('imports.speed', {
              rate: formatNumber(Math.round(rate)),
              left: formatSeconds((total - done) / rate),
            })}
          </p>
        )}
      </div>
    </Card>
  );
}
