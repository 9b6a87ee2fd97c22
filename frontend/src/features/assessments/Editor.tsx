// A draft as a list of tasks: one section is one task, one open at a time; saved as one goes.
import { Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Assessment, Instrument, Recommended } from '~/api/forms';
import type { Answer } from '~/api/http';
import type { ApiProblem } from '~/api/problem';
import { useLanguage, word } from '~/i18n';
import { ConflictDialog } from '~/ui/Conflict';
import { formatDate, formatMoney } from '~/ui/format';
import { problemTitle } from '~/ui/problem-text';
import { ProblemNotice } from '~/ui/states';
import { SignButton } from './AssessmentActions';
import { Scores } from './assessment-bits';
import { answerField, answersOf, codeOf } from './draft';
import { ErrorSummary, Next, openEnds, Questions, saveWord } from './editor-bits';
import { askedNow, evaluate } from './evaluate';
import { QuestionField, Typed } from './QuestionField';
import { Recommend } from './Recommend';
import { Task } from './Task';
import { useDraft } from './useDraft';

const NEEDS = 'needs';
const CONCLUSION = 'conclusion';

interface Props {
  seen: Answer<Assessment>;
  instrument: Instrument;
}

export function Editor({ seen, instrument }: Props) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const { saver, snap } = useDraft(seen);
  const [open, setOpen] = useState<string | null>(null);
  const [signing, setSigning] = useState<ApiProblem | null>(null);
  const [jump, setJump] = useState<{ to: string } | null>(null);

  const definition = instrument.definition ?? { sections: [] };
  const assessment = snap.seen.data;
  const answers = answersOf(snap.values, snap.refused);
  const asked = askedNow(definition, answers);
  const settled = snap.state === 'saved' ? assessment.evaluation : undefined;
  const evaluation = settled ?? evaluate(definition, answers);
  const recommended = (snap.values.recommended ?? []) as Recommended[];
  const conclusion = (snap.values.conclusion ?? '') as string;
  const left = evaluation.findings.filter(
    (found) => !recommended.some((one) => one.need_code === found.need_code),
  ).length;
  const sections = evaluation.progress.flatMap((line) => {
    const section = definition.sections.find((one) => one.code === line.section);
    return section ? [{ section, line }] : [];
  });
  const order = [...sections.map(({ section }) => section.code), NEEDS, CONCLUSION];
  const [first] = order;
  const shown = open === null ? first : open;

  const questions = new Map(
    definition.sections.flatMap((section) =>
      section.questions.map((question) => [question.code, { section, question }] as const),
    ),
  );
  const label = (field: string) => {
    const code = codeOf(field);
    const question = code ? questions.get(code)?.question : undefined;
    if (question) return name(question.text);
    return t(field === CONCLUSION ? 'assessments.conclusion' : 'assessments.recommended');
  };
  const taskOf = (field: string) => {
    const code = codeOf(field);
    if (code) return questions.get(code)?.section.code ?? first ?? NEEDS;
    return field === CONCLUSION ? CONCLUSION : NEEDS;
  };

  // Opening a task draws its questions; only then is there something to go to.
  useEffect(() => {
    const place = jump && document.getElementById(jump.to);
    if (!place) return;
    place.scrollIntoView({ block: 'center' });
    const inside = place.querySelector<HTMLElement>('input, textarea, select, button');
    (place instanceof HTMLButtonElement ? place : inside)?.focus({ preventScroll: true });
  }, [jump]);
  function goTo(field: string) {
    setOpen(taskOf(field));
    setJump({ to: `q-${codeOf(field) ?? field}` });
  }
  function openTask(code: string) {
    setOpen(code);
    setJump({ to: `task-${code}` });
  }

  const stillOpen = openEnds(signing, snap.values, asked);
  const errors = { ...stillOpen, ...snap.refused };
  const errorOf = (field: string) => (errors[field] ? word('field', errors[field]) : undefined);

  async function ready(): Promise<Answer<Assessment> | null> {
    return (await saver.flush()) ? saver.get().seen : null;
  }

  const missingHint = (line: { answered: number; missing: string[] }) =>
    line.answered > 0 && line.missing.length > 0 ? (
      <ul className="task-missing" aria-label={t('assessments.missing')}>
        <li className="muted small" aria-hidden="true">
          {t('assessments.missing')}:
        </li>
        {line.missing.map((code) => (
          <li key={code}>
            <button type="button" onClick={() => goTo(answerField(code))}>
              {label(answerField(code))}
            </button>
          </li>
        ))}
      </ul>
    ) : null;

  const nextOf = (code: string) => order[order.indexOf(code) + 1];
  const toggle = (code: string) => setOpen(shown === code ? '' : code);

  return (
    <div className="assessment">
      <div className="stack">
        <ErrorSummary errors={stillOpen} label={label} goTo={goTo} mark={signing} />
        {snap.state === 'refused' &&
          snap.error !== null &&
          Object.keys(snap.refused).length === 0 && <ProblemNotice error={snap.error} />}
        {sections.map(({ section, line }) => (
          <Task
            key={section.code}
            id={section.code}
            title={name(section.title)}
            done={line.missing.length === 0 && line.answered > 0}
            state={t(line.answered === 0 ? 'assessments.not_begun' : 'assessments.answered_of', {
              answered: line.answered,
              asked: line.asked,
            })}
            open={shown === section.code}
            toggle={() => toggle(section.code)}
            hint={missingHint(line)}
          >
            <Questions section={section} asked={asked}>
              {(question) => (
                <QuestionField
                  key={question.code}
                  question={question}
                  value={snap.values[answerField(question.code)]}
                  error={errorOf(answerField(question.code))}
                  disabled={false}
                  change={(value, refusal) =>
                    saver.change(answerField(question.code), value, refusal)
                  }
                />
              )}
            </Questions>
            <Next
              title={nextTitle(nextOf(section.code))}
              go={() => openTask(nextOf(section.code) ?? NEEDS)}
            />
          </Task>
        ))}
        <Task
          id={NEEDS}
          title={t('assessments.needs_task')}
          done={left === 0 && recommended.length > 0}
          state={t('assessments.needs_state', { n: recommended.length, left })}
          open={shown === NEEDS}
          toggle={() => toggle(NEEDS)}
        >
          {evaluation.scores.length > 0 && (
            <div className="only-narrow stack">
              <Scores evaluation={evaluation} />
            </div>
          )}
          <Recommend
            evaluation={evaluation}
            recommended={recommended}
            change={(next) => saver.change('recommended', next)}
          />
          <Next title={t('assessments.conclusion_task')} go={() => openTask(CONCLUSION)} />
        </Task>
        <Task
          id={CONCLUSION}
          title={t('assessments.conclusion_task')}
          done={conclusion.trim() !== ''}
          state={t(
            conclusion.trim() ? 'assessments.conclusion_written' : 'assessments.not_written',
          )}
          open={shown === CONCLUSION}
          toggle={() => toggle(CONCLUSION)}
        >
          <div id="q-conclusion">
            <Typed
              shown={conclusion}
              type={(text) => saver.change(CONCLUSION, text.trim() === '' ? null : text)}
            >
              {(field) => (
                <Textarea
                  label={t('assessments.conclusion')}
                  description={t('assessments.conclusion_hint')}
                  required={assessment.kind === 'assessment'}
                  error={errorOf(CONCLUSION)}
                  autosize
                  minRows={5}
                  maxLength={8000}
                  {...field}
                />
              )}
            </Typed>
          </div>
          <div className="sign-row">
            <SignButton
              assessment={{ ...assessment, recommended }}
              left={left}
              ready={ready}
              refused={setSigning}
            />
          </div>
        </Task>
      </div>
      <aside className="assessment-side" aria-label={t('assessments.so_far')}>
        <div className="card card-pad stack">
          <p className="save-state" role="status" data-state={snap.state}>
            {t(saveWord(snap.state))}
          </p>
          {snap.state === 'offline' && <p className="small">{problemTitle(snap.error)}</p>}
          {snap.state === 'refused' && <p className="small">{t('assessments.refused_hint')}</p>}
          <div className="only-wide stack">
            <Scores evaluation={evaluation} />
          </div>
        </div>
      </aside>
      {snap.clash && (
        <ConflictDialog
          fields={Object.keys(snap.clash.mine).map((field) => ({
            key: field,
            label: label(field),
            show: shower(field),
          }))}
          {...snap.clash}
          busy={false}
          error={null}
          onKeep={(keep) => saver.settle(keep)}
          onDiscard={() => saver.settle({})}
        />
      )}
    </div>
  );

  function nextTitle(code: string | undefined): string {
    const found = definition.sections.find((one) => one.code === code);
    return found ? name(found.title) : t('assessments.needs_task');
  }

  function shower(field: string): (value: unknown) => string {
    const code = codeOf(field);
    const question = code ? questions.get(code)?.question : undefined;
    return (value) => {
      if (value === null || value === undefined) return '';
      if (field === 'recommended') {
        return (value as Recommended[]).map((one) => one.need_code).join(', ');
      }
      if (typeof value === 'boolean') return t(value ? 'ui.yes' : 'ui.no');
      if (question?.kind === 'money') return formatMoney(Number(value));
      if (question?.kind === 'date') return formatDate(String(value));
      const option = (one: unknown) =>
        name(question?.options?.find((other) => other.code === one)?.label) || String(one);
      return Array.isArray(value) ? value.map(option).join(', ') : option(value);
    };
  }
}
