// How a rule narrows the city: each of its conditions in turn, with the households that still fulfil all up to there.
// Counted by asking for the effect of every beginning of the rule; for those who may ask that.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useLanguage } from '~/i18n';
import { allowed } from '~/ui/act';
import { Card } from '~/ui/page';
import { Loading, ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { Few } from './Impact';
import type { Clause } from './rule-tree';
import type { ProgramRule, RuleCheck, RulePreview } from './types';

interface Step {
  phrase: { id: string; en: string };
  eligible: number | null;
  open: number | null;
}

/** Conditions that must all hold, in their order. */
export function stepsOf(rule: Clause | null): Clause[] {
  if (!rule) return [];
  const all = rule.all;
  return Array.isArray(all) ? (all as Clause[]) : [rule];
}

async function count(programId: string, steps: Clause[], signal: AbortSignal): Promise<Step[]> {
  const found: Step[] = [];
  for (let at = 0; at < steps.length; at += 1) {
    const ask = (path: string, rule: unknown) =>
      call(`/programs/${programId}/rule/${path}`, { method: 'POST', body: { rule }, signal });
    const preview = (await ask('preview', { all: steps.slice(0, at + 1) })).data as RulePreview;
    const check = (await ask('check', steps[at])).data as RuleCheck;
    found.push({
      phrase: bare(check.sentence ?? preview.sentence),
      eligible: preview.after.eligible,
      open: preview.after.needs_data,
    });
  }
  return found;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The condition without the words a whole rule begins with. */
const bare = (text: { id: string; en?: string | null }) => ({
  id: text.id.replace(/^Berhak bila /, '').replace(/\.$/, ''),
  en: (text.en ?? text.id).replace(/^Eligible if /, '').replace(/\.$/, ''),
});

export function Funnel({ programId }: { programId: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [asked, setAsked] = useState(false);
  const rule = useResource<ProgramRule>(
    ['programs', programId, 'rule'],
    `/programs/${programId}/rule`,
  );
  const seen = rule.data?.data;
  const may = allowed(seen?.can, 'preview');
  const steps = stepsOf(seen?.rule ?? null);
  const query = useQuery({
    queryKey: ['funnel', programId, seen?.version],
    queryFn: ({ signal }) => count(programId, steps, signal),
    enabled: may && asked && steps.length > 0,
    staleTime: 60_000,
  });
  if (!may || steps.length === 0) return null;
  const most = Math.max(1, ...(query.data ?? []).map((s) => (s.eligible ?? 0) + (s.open ?? 0)));
  return (
    <Card title={t('match.funnel')}>
      {!asked ? (
        <>
          <p className="muted">{t('match.funnel_lead', { count: steps.length })}</p>
          <div>
            <Button variant="default" onClick={() => setAsked(true)}>
              {t('match.funnel_count')}
            </Button>
          </div>
        </>
      ) : query.data ? (
        <ol className="funnel">
          {query.data.map((step, at) => (
            <li key={step.phrase.id}>
              <p>
                {at > 0 && <span className="clause-joint">{t('rule.joint.all')}</span>}{' '}
                {at > 0 ? name(step.phrase) : capital(name(step.phrase))}
              </p>
              <div className="funnel-line">
                <span className="stack-bar" aria-hidden="true">
                  <i
                    className="bar-more"
                    style={{ width: `${(100 * (step.eligible ?? 0)) / most}%` }}
                  />
                  <i
                    className="bar-open"
                    style={{ width: `${(100 * (step.open ?? 0)) / most}%` }}
                  />
                </span>
                <span className="nowrap">
                  <strong>
                    <Few value={step.eligible} />
                  </strong>{' '}
                  <span className="muted small">
                    + <Few value={step.open} /> {t('match.unknown')}
                  </span>
                </span>
              </div>
            </li>
          ))}
        </ol>
      ) : query.isError ? (
        <ProblemNotice error={query.error} />
      ) : (
        <Loading lines={steps.length + 1} />
      )}
    </Card>
  );
}
