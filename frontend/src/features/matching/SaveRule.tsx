// Putting a rule in force: only one that was checked and whose effect was seen, with the reason for the next reader.
import { Button, Textarea } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, call } from '~/api/http';
import { isStatus } from '~/api/problem';
import type { Program } from '~/api/types';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { Notice } from '~/ui/states';
import { toast } from '~/ui/toast';
import { Few } from './Impact';
import { BothLanguages } from './Sentence';
import type { ProgramRule } from './types';
import { forgetDraft, type RuleDraft } from './useRuleDraft';

interface Props {
  program: Program;
  seen: Answer<ProgramRule>;
  draft: RuleDraft;
  onSaved: (answer: Answer<ProgramRule>) => void;
}

export function SaveRule(props: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const { draft, seen } = props;
  const previews = allowed(seen.data.can, 'preview');
  const why = draft.empty
    ? t('rule.save_empty')
    : !draft.whole
      ? t('rule.save_lacks')
      : !draft.dirty
        ? t('rule.save_same')
        : !draft.current
          ? t('rule.reading')
          : !draft.sound
            ? t('rule.save_faulty')
            : previews && !draft.previewed
              ? t('rule.save_unseen')
              : '';
  return (
    <div className="card card-pad stack">
      <div className="row">
        <Button
          leftSection={<IconDeviceFloppy size={20} aria-hidden="true" />}
          {...(why
            ? {
                variant: 'default',
                'aria-disabled': true,
                'aria-describedby': id,
                className: 'off-button',
                onClick: () => toast(why),
              }
            : { onClick: () => setOpen(true) })}
        >
          {t('rule.save', { n: seen.data.version + 1 })}
        </Button>
        {draft.dirty && !draft.empty && seen.data.version > 0 && (
          <Button variant="subtle" onClick={draft.reset}>
            {t('rule.reset')}
          </Button>
        )}
      </div>
      {why && (
        <p id={id} className="muted small">
          {why}
        </p>
      )}
      {open && <SaveDialog {...props} close={() => setOpen(false)} />}
    </div>
  );
}

function SaveDialog({ program, seen, draft, onSaved, close }: Props & { close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [note, setNote] = useState('');
  const [newer, setNewer] = useState<Answer<ProgramRule> | null>(null);
  const preview = draft.preview.data;

  function submit() {
    const path = `/programs/${program.id}/rule`;
    void act.run(async () => {
      try {
        const body = { rule: draft.rule, ...(note.trim() ? { note: note.trim() } : {}) };
        const etag = (newer ?? seen).etag;
        const answer = await call<ProgramRule>(path, { method: 'PUT', body, etag });
        forgetDraft(program.id);
        close();
        onSaved(answer);
      } catch (failure) {
        // Somebody else was faster: show theirs, and let this writer decide.
        if (isStatus(failure, 412)) setNewer(await call<ProgramRule>(path));
        throw failure;
      }
    }, t('rule.saved'));
  }

  return (
    <FormDialog
      opened
      close={close}
      size="lg"
      title={t('rule.save', { n: (newer ?? seen).data.version + 1 })}
      submitText={t(newer ? 'rule.save_over' : 'rule.save_now')}
      busy={act.busy}
      error={newer ? null : act.error}
      onSubmit={submit}
    >
      {newer && (
        <Notice tone="warn" title={t('rule.clash', { n: newer.data.version })} role="alert">
          {newer.data.sentence && <BothLanguages text={newer.data.sentence} />}
          <Button
            variant="default"
            onClick={() => {
              forgetDraft(program.id);
              close();
              onSaved(newer);
            }}
          >
            {t('rule.take_theirs')}
          </Button>
        </Notice>
      )}
      {draft.check.data?.sentence && <BothLanguages text={draft.check.data.sentence} />}
      {preview && (
        <p>
          <strong>
            <Few value={preview.added} sign="+" />
          </strong>{' '}
          {t('rule.added')},{' '}
          <strong>
            <Few value={preview.removed} sign="−" />
          </strong>{' '}
          {t('rule.removed')}.
        </p>
      )}
      <p className="muted small">
        {t(program.status === 'published' ? 'rule.save_lead' : 'rule.save_lead_draft')}
      </p>
      <Textarea
        label={`${t('rule.note')} (${t('ui.optional')})`}
        description={t('rule.note_hint')}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
