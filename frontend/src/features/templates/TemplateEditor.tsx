// Writing a text of letters: placeholders are put in by a press, mistakes are shown where they are.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { Card } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Notice, ProblemNotice } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { useExample } from './example';
import { faultsOf, type LetterTemplate, offsetOf, type Placeholder } from './types';
import './templates.css';

export function TemplateEditor({ from, close }: { from?: LetterTemplate; close: () => void }) {
  const { t } = useTranslation();
  const services = useCodes('services');
  const navigate = useNavigate();
  const act = useAct();
  const example = useExample();
  const area = useRef<HTMLTextAreaElement>(null);
  const [service, setService] = useState(from?.service_code ?? '');
  const [title, setTitle] = useState(from?.title ?? '');
  const [body, setBody] = useState(from?.body ?? '');
  const failure = act.error ?? example.error;
  const errors = fieldErrors(failure);
  const faults = faultsOf(failure);
  const text = { service_code: service, title: title.trim(), body };
  const ready = service !== '' && title.trim() !== '' && body.trim() !== '';

  /** Puts the caret there and, where words are given, the words in its place. */
  function place(start: number, end: number, words?: string) {
    if (words !== undefined) setBody(body.slice(0, start) + words + body.slice(end));
    const caret = words === undefined ? end : start + words.length;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(words === undefined ? start : caret, caret);
    });
  }
  function insert(code: string) {
    const { selectionStart, selectionEnd } = area.current ?? {
      selectionStart: body.length,
      selectionEnd: body.length,
    };
    place(selectionStart, selectionEnd, `{{${code}}}`);
  }
  function preview() {
    act.clear();
    void example.make(text);
  }
  function save() {
    example.clear();
    void act.run(async (key) => {
      const made = await call<LetterTemplate>('/letter-templates', {
        method: 'POST',
        body: text,
        key,
      });
      close();
      await navigate({ to: `/letter-templates/${made.data.id}` as string });
    }, t('templates.saved'));
  }
  return (
    <div className="template-editor">
      <form
        className="card card-pad stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {faults.length === 0 ? (
          <ProblemNotice error={failure} />
        ) : (
          <Notice tone="bad" title={t('templates.faults', { n: faults.length })}>
            <ul>
              {faults.map((fault) => (
                <li key={`${fault.line}:${fault.column}`}>
                  <button
                    type="button"
                    className="place-button"
                    onClick={() => {
                      const start = offsetOf(body, fault.line, fault.column);
                      place(start, start + 2);
                    }}
                  >
                    {t('templates.fault_at', { line: fault.line, column: fault.column })}
                  </button>{' '}
                  {word('template_fault', fault.code)}
                </li>
              ))}
            </ul>
          </Notice>
        )}
        {!from && (
          <PickSelect
            label={t('templates.service')}
            required
            options={services.options}
            value={service}
            onChange={setService}
            error={errors.service_code}
          />
        )}
        <TextInput
          label={t('templates.heading')}
          required
          value={title}
          maxLength={200}
          error={errors.title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          ref={area}
          label={t('templates.body')}
          description={t('templates.body_hint')}
          required
          autosize
          minRows={14}
          maxRows={30}
          maxLength={8000}
          value={body}
          error={faults.length > 0 ? t('templates.faulty') : errors.body}
          classNames={{ input: 'template-text' }}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <div className="row">
          <Button type="submit" loading={act.busy} disabled={!ready}>
            {t('templates.save')}
          </Button>
          <Button variant="default" loading={example.busy} disabled={!ready} onClick={preview}>
            {t('templates.preview')}
          </Button>
          <Button variant="subtle" onClick={close}>
            {t('ui.cancel')}
          </Button>
        </div>
      </form>
      <Placeholders insert={insert} />
    </div>
  );
}

function Placeholders({ insert }: { insert: (code: string) => void }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const query = usePage<Placeholder>('/letter-placeholders', { limit: 100 });
  return (
    <Card title={t('templates.placeholders')}>
      <p className="muted small">{t('templates.placeholders_lead')}</p>
      <ul className="placeholder-list">
        {(query.data?.data ?? []).map((one) => (
          <li key={one.code}>
            <button type="button" className="place-button" onClick={() => insert(one.code)}>
              {name(one.name)}
            </button>
            <span className="muted small wrap-any">{one.example}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
