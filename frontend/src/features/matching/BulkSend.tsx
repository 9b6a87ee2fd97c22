// Many referrals one after the other: every line is tried at its own moment and shows its own answer.
import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, newKey } from '~/api/http';
import type { Cycle, Problem, Program, Referral } from '~/api/types';
import { refreshData } from '~/app/queries';
import { useLanguage } from '~/i18n';
import { problemDetail, problemTitle } from '~/ui/problem-text';

interface Props {
  problems: Problem[];
  program: Program;
  cycle: Cycle;
  close: () => void;
}

type Line =
  | { state: 'waiting' | 'sending' }
  | { state: 'sent'; referral: string }
  | { state: 'refused'; why: string };

async function sendOne(problem: Problem, { program, cycle }: Props, key: string): Promise<string> {
  const body = {
    problem_id: problem.id,
    cycle_id: cycle.id,
    to_organization_id: program.organization_id,
  };
  const draft = await call<Referral>('/referrals', { method: 'POST', body, key });
  if (draft.data.status === 'draft') {
    try {
      await call(`/referrals/${draft.data.id}/send`, {
        method: 'POST',
        body: {},
        key: `${key}-send`,
        etag: draft.etag,
      });
    } catch (failure) {
      // A draft that could not be sent would only lie about; it is withdrawn, and the refusal is told.
      await call(`/referrals/${draft.data.id}/cancel`, {
        method: 'POST',
        body: { reason_code: 'other' },
        key: `${key}-cancel`,
        etag: draft.etag,
      }).catch(() => undefined);
      throw failure;
    }
  }
  return draft.data.id;
}

export function BulkSend(props: Props) {
  const { problems, program, close } = props;
  const { t } = useTranslation();
  const { name } = useLanguage();
  const queries = useQueryClient();
  const [lines, setLines] = useState<Line[]>(problems.map(() => ({ state: 'waiting' })));
  const [phase, setPhase] = useState<'ask' | 'running' | 'done'>('ask');
  const stop = useRef(false);
  const keys = useRef(problems.map(newKey));
  const set = (at: number, line: Line) =>
    setLines((old) => old.map((item, index) => (index === at ? line : item)));

  async function run() {
    setPhase('running');
    for (const [at, problem] of problems.entries()) {
      if (stop.current) break;
      set(at, { state: 'sending' });
      try {
        set(at, { state: 'sent', referral: await sendOne(problem, props, keys.current[at] ?? '') });
      } catch (failure) {
        const why = [problemTitle(failure), problemDetail(failure)].filter(Boolean).join(' ');
        set(at, { state: 'refused', why });
      }
    }
    setPhase('done');
  }
  // Only now: with its last seat the program leaves the page behind, and would take the answers with it.
  function leave() {
    close();
    if (phase === 'done') void refreshData(queries);
  }
  const count = (state: Line['state']) => lines.filter((line) => line.state === state).length;
  return (
    <Modal
      opened
      onClose={() => phase !== 'running' && leave()}
      title={t('bench.send', { count: problems.length })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <div className="stack">
        <p>{t('bench.send_lead', { program: name(program.name) })}</p>
        <p role="status" className="strong">
          {phase !== 'ask' &&
            t('bench.result', {
              sent: count('sent'),
              refused: count('refused'),
              left: count('waiting'),
            })}
        </p>
        <ol className="bulk">
          {problems.map((problem, at) => {
            const line = lines[at] ?? { state: 'waiting' };
            return (
              <li key={problem.id}>
                <span className="strong">
                  {problem.subject_name || problem.household_id.slice(-12)}
                </span>
                <span className={`bulk-state bulk-${line.state}`}>
                  {t(`bench.line.${line.state}`)}
                  {line.state === 'refused' && `: ${line.why}`}
                  {line.state === 'sent' && (
                    <>
                      {' · '}
                      <Link to="/referrals/$id" params={{ id: line.referral }}>
                        {t('bench.open')}
                      </Link>
                    </>
                  )}
                </span>
              </li>
            );
          })}
        </ol>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          {phase === 'running' ? (
            <Button
              variant="default"
              onClick={() => {
                stop.current = true;
              }}
            >
              {t('bench.stop')}
            </Button>
          ) : (
            <Button variant="default" onClick={leave}>
              {t(phase === 'done' ? 'ui.close' : 'ui.cancel')}
            </Button>
          )}
          {phase === 'ask' && (
            <Button onClick={() => void run()}>
              {t('bench.send', { count: problems.length })}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
