// The page on which a program's rule is written: the conditions on one side, on the other what they say, what is wrong
// with them and whom they reach.
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '~/api/http';
import type { Program } from '~/api/types';
import { useLanguage } from '~/i18n';
import { allowed } from '~/ui/act';
import { Card, Page, RecordState } from '~/ui/page';
import { Loading, Notice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { Builder } from './Builder';
import { Impact } from './Impact';
import { findingText } from './rule-words';
import { SaveRule } from './SaveRule';
import { Sentence } from './Sentence';
import type { Finding, ProgramRule } from './types';
import { useRuleDraft } from './useRuleDraft';
import { Versions } from './Versions';
import { useVocabulary, VocabularyProvider } from './vocabulary';
import './matching.css';

export function RulePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const program = useResource<Program & { sensitivity?: string }>(
    ['programs', id],
    `/programs/${id}`,
  );
  const query = useResource<ProgramRule>(['programs', id, 'rule'], `/programs/${id}/rule`);
  // The builder keeps the version it opened with: a refetch must not hide that somebody else wrote.
  const [opened, setOpened] = useState<Answer<ProgramRule> | null>(null);
  if (query.data && !opened) setOpened(query.data);
  if (!program.data) return <RecordState query={program} back={t('places.programs')} />;
  if (!opened) return <RecordState query={query} back={t('places.programs')} />;
  return (
    <VocabularyProvider restricted={program.data.data.sensitivity === 'restricted'}>
      <Desk
        key={opened.data.version}
        program={program.data.data}
        seen={opened}
        onSaved={setOpened}
      />
    </VocabularyProvider>
  );
}

function Desk({
  program,
  seen,
  onSaved,
}: {
  program: Program;
  seen: Answer<ProgramRule>;
  onSaved: (answer: Answer<ProgramRule>) => void;
}) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const vocabulary = useVocabulary();
  const edits = allowed(seen.data.can, 'edit');
  const draft = useRuleDraft(program.id, seen.data.rule, allowed(seen.data.can, 'preview'));
  const { dirty } = draft;
  useEffect(() => {
    if (!dirty || !edits) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty, edits]);

  const texts = (found: Map<number, Finding[]>) =>
    new Map([...found].map(([id, list]) => [id, list.map(findingText)]));
  const lead = (
    <>
      {name(program.name)} <span className="sp-mono">({program.code})</span>
    </>
  );
  return (
    <Page
      back={t('places.programs')}
      title={t('rule.title')}
      lead={lead}
      actions={
        <Button component={Link} to={`/programs/${program.id}`} variant="default">
          {t('rule.to_program')}
        </Button>
      }
    >
      {!edits && (
        <Notice title={t('rule.read_only')}>
          <p>{t('rule.read_only_why')}</p>
        </Notice>
      )}
      {edits && draft.resumed && dirty && (
        <Notice title={t('rule.resumed')}>
          <Button variant="default" onClick={draft.reset}>
            {t('rule.reset')}
          </Button>
        </Notice>
      )}
      <div className="rule-desk" data-edits={edits || undefined}>
        {edits && (
          <div className="rule-left">
            <Card title={t('rule.conditions')}>
              {draft.empty && <p className="muted">{t('rule.begin')}</p>}
              {vocabulary.ready ? (
                <Builder
                  root={draft.root}
                  setRoot={draft.setRoot}
                  faults={texts(draft.faults)}
                  warnings={texts(draft.warnings)}
                />
              ) : (
                <Loading lines={4} />
              )}
            </Card>
          </div>
        )}
        <div className="rule-right">
          <Sentence
            draft={draft}
            stored={seen.data.sentence}
            version={seen.data.version}
            edits={edits}
          />
          {edits && <SaveRule program={program} seen={seen} draft={draft} onSaved={onSaved} />}
          {edits && allowed(seen.data.can, 'preview') && <Impact draft={draft} />}
        </div>
      </div>
      <Versions
        programId={program.id}
        current={seen.data.version}
        {...(edits ? { take: draft.take } : {})}
      />
    </Page>
  );
}
