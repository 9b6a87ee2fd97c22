// Parts of the draft's screen: what is still open, the questions of a section, the way on.
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Section } from '~/api/forms';
import type { ApiProblem } from '~/api/problem';
import { word } from '~/i18n';
import { Notice } from '~/ui/states';
import { answerField } from './draft';

export function saveWord(state: string) {
  if (state === 'saved') return 'assessments.state_saved' as const;
  if (state === 'saving') return 'assessments.state_saving' as const;
  return state === 'offline'
    ? ('assessments.state_offline' as const)
    : ('assessments.state_unsaved' as const);
}

/** What the refused signature named and is still open. */
export function openEnds(
  problem: ApiProblem | null,
  values: Record<string, unknown>,
  asked: Set<string>,
): Record<string, string> {
  const open: Record<string, string> = {};
  for (const { pointer, code } of problem?.errors ?? []) {
    const [, group = '', inner = ''] = pointer.split('/');
    const field = group === 'answers' ? answerField(inner) : group;
    const answered = values[field] !== null && values[field] !== undefined;
    if (group === 'answers' && !asked.has(inner)) continue;
    if (!(code === 'required' && answered)) open[field] = code;
  }
  return open;
}

export function ErrorSummary({
  errors,
  label,
  goTo,
  mark,
}: {
  errors: Record<string, string>;
  label: (field: string) => string;
  goTo: (field: string) => void;
  /** A new refusal takes the focus again. */
  mark: unknown;
}) {
  const { t } = useTranslation();
  const summary = useRef<HTMLDivElement>(null);
  const fields = Object.keys(errors);
  const last = useRef<unknown>(null);
  useEffect(() => {
    if (mark === last.current) return;
    last.current = mark;
    summary.current?.focus();
  }, [mark]);
  if (fields.length === 0) return null;
  return (
    <div tabIndex={-1} ref={summary} className="error-summary">
      <Notice tone="bad" title={t('ui.errors_title')} role="alert">
        <ul className="error-list">
          {fields.map((field) => (
            <li key={field}>
              <button type="button" className="link-button" onClick={() => goTo(field)}>
                {label(field)}: {word('field', errors[field])}
              </button>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

export function Questions({
  section,
  asked,
  children,
}: {
  section: Section;
  asked: Set<string>;
  children: (question: Section['questions'][number]) => React.ReactNode;
}) {
  return (
    <div className="questions">
      {section.questions.filter((question) => asked.has(question.code)).map(children)}
    </div>
  );
}

export function Next({ title, go }: { title: string; go: () => void }) {
  const { t } = useTranslation();
  return (
    <div>
      <Button variant="default" onClick={go}>
        {t('assessments.next_task', { title })}
      </Button>
    </div>
  );
}
