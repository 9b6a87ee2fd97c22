// Many referrals one after the other: every line is tried at its own moment and shows its own answer.
import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '~/api/http';
import { type Draft, draftAndSend, type Overlap, sendDraft, withdraw } from '~/api/sending';
import type { Cycle, Problem, Program } from '~/api/types';
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
  | { state: 'asks'; draft: Draft }
  | { state: 'refused'; why: string };

export function BulkSend(props: Props) {
  const { problems, program, cycle, close } = props;
  const { t } = useTranslation();
  const { name } = useLanguage();
  const queries = useQueryClient();
  const [lines, setLines] = useState<Line[]>(problems.map(() => ({ state: 'waiting' })));
  const [phase, setPhase] = useState<'ask' | 'running' | 'done'>('ask');
  const stop = useRef(false);
  const keys = useRef(problems.map(newKey));
  const set = (at: number, line: Line) =>
    setLines((old) => old.map((item, index) => (index === at ? line : item)));

  const refused = (failure: unknown): Line => ({
    state: 'refused',
    why: [problemTitle(failure), problemDetail(failure)].filter(Boolean).join(' '),
  });
  const named = (found: Overlap[]) =>
    found
      .map((line) => [name(line.program_name) || t('bench.hidden'), line.reported_by])
      .map((parts) => parts.filter(Boolean).join(', '))
      .join('; ');

  async function tried(key: string, problem: Problem): Promise<Line> {
    const body = {
      problem_id: problem.id,
      cycle_id: cycle.id,
      to_organization_id: program.organization_id,
    };
    try {
      const draft = await draftAndSend(body, key);
      if (!draft.found) return { state: 'sent', referral: draft.id };
      if (draft.found.held.length === 0) return { state: 'asks', draft };
      // An exception takes a reason of its own: one by one, on the problem's page.
      await withdraw(draft, key);
      return { state: 'refused', why: t('bench.held', { what: named(draft.found.held) }) };
    } catch (failure) {
      return refused(failure);
    }
  }

  async function decide(at: number, draft: Draft, send: boolean) {
    const key = keys.current[at] ?? '';
    set(at, { state: 'sending' });
    try {
      await (send ? sendDraft(draft, {}, key) : withdraw(draft, key));
      set(at, send ? { state: 'sent', referral: draft.id } : { state: 'waiting' });
    } catch (failure) {
      await withdraw(draft, key);
      set(at, refused(failure));
    }
  }

  async function run() {
    setPhase('running');
    for (const [at, problem] of problems.entries()) {
      if (stop.current) break;
      set(at, { state: 'sending' });
      set(at, await tried(keys.current[at] ?? '', problem));
    }
    setPhase('done');
  }
  // Only now: with its last seat the program leaves the page behind, and would take the answers with it.
  async function leave() {
    close();
    await Promise.all(
      lines.map((line, at) =>
        line.state === 'asks' ? withdraw(line.draft, keys.current[at] ?? '') : undefined,
      ),
    );
    if (phase === 'done') void refreshData(queries);
  }
  const count = (state: Line['state']) => lines.filter((line) => line.state === state).length;
  return (
    <Modal
      opened
      onClose={() => phase !== 'running' && void leave()}
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
          {count('asks') > 0 && ` ${t('bench.asks', { count: count('asks') })}`}
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
                  {line.state === 'asks' && (
                    <>
                      {`: ${named(line.draft.found.reported)}`}
                      <span className="row">
                        <Button
                          size="sm"
                          variant="default"
                          disabled={phase === 'running'}
                          onClick={() => void decide(at, line.draft, true)}
                        >
                          {t('bench.anyway')}
                        </Button>
                        <Button
                          size="sm"
                          variant="subtle"
                          disabled={phase === 'running'}
                          onClick={() => void decide(at, line.draft, false)}
                        >
                          {t('bench.not')}
                        </Button>
                      </span>
                    </>
                  )}
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
            <Button variant="default" onClick={() => void leave()}>
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
