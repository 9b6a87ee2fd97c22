// What rules found in the data, to be confirmed or dismissed a pageful at a time. Each answer is
// still given to one problem in the name of who gives it.
import { Button, Checkbox } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, get, newKey } from '~/api/http';
import { getAll, useCodes } from '~/api/reference';
import type { DetectionRule, Operation, Problem } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { problemTitle } from '~/ui/problem-text';
import { toast } from '~/ui/toast';

/** What a rule goes by, in words. */
export function useRules(wanted: boolean): (code: string | null | undefined) => string {
  const { name } = useLanguage();
  const query = useQuery({
    queryKey: ['detection-rules'],
    queryFn: () => getAll<DetectionRule>('/detection-rules'),
    staleTime: 30 * 60_000,
    enabled: wanted,
  });
  return (code) => name(query.data?.find((rule) => rule.code === code)?.says) || code || '';
}

/** For the coordinator: goes through the facts of the whole city. */
export function DetectButton() {
  const { t } = useTranslation();
  const account = useAccount();
  const [running, setRunning] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ['operations', running],
    queryFn: () => get<Operation>(`/operations/${running}`),
    enabled: running !== null,
    refetchInterval: 1000,
  });
  const state = query.data?.state;
  const found = (query.data?.result as { found?: number } | null | undefined)?.found ?? 0;
  useEffect(() => {
    if (!running || !state || state === 'queued' || state === 'running') return;
    setRunning(null);
    toast(
      state === 'succeeded' ? t('problems.detect_done', { n: found }) : t('problems.detect_failed'),
    );
  }, [running, state, found, t]);
  if (!hasRole(account, 'coordinator')) return null;
  async function start() {
    try {
      const { data } = await call<Operation>('/problems/detect', { method: 'POST', key: newKey() });
      setRunning(data.id);
    } catch (error) {
      toast(problemTitle(error));
    }
  }
  return (
    <Button
      variant="default"
      loading={running !== null}
      leftSection={<IconSearch size={18} aria-hidden="true" />}
      onClick={() => void start()}
    >
      {t('problems.detect')}
    </Button>
  );
}

export interface Sifting {
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
  set: (ids: string[]) => void;
}

export function useSifting(): Sifting {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  return {
    chosen,
    set: (ids) => setChosen(new Set(ids)),
    toggle: (id) => {
      const next = new Set(chosen);
      if (!next.delete(id)) next.add(id);
      setChosen(next);
    },
  };
}

export function SiftBox({ row, sifting, name }: { row: Problem; sifting: Sifting; name: string }) {
  const { t } = useTranslation();
  if (!allowed(row.can, 'confirm')) return null;
  return (
    <Checkbox
      aria-label={t('problems.choose', { name })}
      checked={sifting.chosen.has(row.id)}
      onChange={() => sifting.toggle(row.id)}
    />
  );
}

export function SiftBar({ rows, sifting }: { rows: Problem[]; sifting: Sifting }) {
  const { t } = useTranslation();
  const reasons = useCodes('problem_dismiss_reasons');
  const act = useAct();
  const [verb, setVerb] = useState<'confirm' | 'dismiss' | null>(null);
  const [reason, setReason] = useState('');
  const open = rows.filter((row) => allowed(row.can, 'confirm'));
  const picked = open.filter((row) => sifting.chosen.has(row.id));
  if (open.length === 0) return null;

  async function answer(row: Problem): Promise<boolean> {
    try {
      await call(`/problems/${row.id}/${verb}`, {
        method: 'POST',
        // What was shown is what is answered: a row that has changed since is left as it is.
        etag: `"${row.version}"`,
        body: verb === 'dismiss' ? { reason_code: reason } : undefined,
      });
      return true;
    } catch {
      return false;
    }
  }
  function submit() {
    void act.run(async () => {
      let done = 0;
      for (const row of picked) if (await answer(row)) done += 1;
      const left = picked.length - done;
      toast(
        left === 0
          ? t('problems.sifted', { n: done })
          : t('problems.sifted_partly', { done, left }),
      );
      sifting.set([]);
      setVerb(null);
    });
  }
  return (
    <div className="card card-pad row" role="toolbar" aria-label={t('problems.sift')}>
      <Checkbox
        label={t('problems.choose_all', { n: open.length })}
        checked={picked.length === open.length}
        indeterminate={picked.length > 0 && picked.length < open.length}
        onChange={() => sifting.set(picked.length === open.length ? [] : open.map((row) => row.id))}
      />
      <Button disabled={picked.length === 0} onClick={() => setVerb('confirm')}>
        {t('problems.confirm_n', { n: picked.length })}
      </Button>
      <Button variant="default" disabled={picked.length === 0} onClick={() => setVerb('dismiss')}>
        {t('problems.dismiss_n', { n: picked.length })}
      </Button>
      {verb && (
        <FormDialog
          opened
          close={() => setVerb(null)}
          title={t(`problems.${verb}_n`, { n: picked.length })}
          submitText={t(`problems.${verb}`)}
          busy={act.busy}
          error={act.error}
          danger={verb === 'dismiss'}
          disabled={verb === 'dismiss' && !reason}
          onSubmit={submit}
        >
          {verb === 'confirm' ? (
            <p>{t('problems.confirm_lead')}</p>
          ) : (
            <PickSelect
              label={t('ui.reason')}
              required
              options={reasons.options}
              value={reason}
              onChange={setReason}
            />
          )}
        </FormDialog>
      )}
    </div>
  );
}
