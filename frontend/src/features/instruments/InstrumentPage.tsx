// One revision of a form, readable as a person would go through it, with its scores and findings.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Definition, Instrument, Question } from '~/api/forms';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatInstant, formatNumber } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { useResource } from '~/ui/useResource';
import { useConditionText } from './condition-text';
import './instruments.css';

const verbs = ['activate', 'retire'] as const;
type Verb = (typeof verbs)[number];

export function InstrumentPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const [verb, setVerb] = useState<Verb | null>(null);
  const query = useResource<Instrument>(['instruments', id], `/instruments/${id}`);
  const instrument = query.data?.data;
  if (!instrument) return <RecordState query={query} back={t('places.instruments')} />;
  const { definition } = instrument;
  return (
    <Page
      back={t('places.instruments')}
      title={name(instrument.name)}
      lead={name(instrument.description)}
      actions={verbs
        .filter((one) => allowed(instrument.can, one))
        .map((one) => (
          <CanButton
            key={one}
            can={instrument.can}
            action={one}
            variant={one === 'activate' ? 'filled' : 'default'}
            onClick={() => setVerb(one)}
          >
            {t(`instruments.${one}`)}
          </CanButton>
        ))}
    >
      <Card>
        <div className="row">
          <StatusBadge group="instrument_status" value={instrument.status} />
          {instrument.sensitivity === 'restricted' && (
            <span className="badge badge-warn">{t('instruments.restricted')}</span>
          )}
        </div>
        <Facts
          items={[
            [t('instruments.code'), instrument.code],
            [t('instruments.revision'), formatNumber(instrument.revision)],
            [t('instruments.subject'), word('instrument_subject', instrument.subject_kind)],
            [t('instruments.source'), instrument.source],
            [t('instruments.activated'), formatInstant(instrument.activated_at)],
          ]}
        />
      </Card>
      {definition && <Preview definition={definition} />}
      {verb && query.data && (
        <Step id={id} etag={query.data.etag} verb={verb} close={() => setVerb(null)} />
      )}
    </Page>
  );
}

function Step(props: { id: string; etag: string | undefined; verb: Verb; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const { id, etag, verb, close } = props;
  function submit() {
    void act.run(
      async (key) => {
        await call(`/instruments/${id}/${verb}`, { method: 'POST', key, etag });
        close();
      },
      t(`instruments.${verb}_done`),
    );
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t(`instruments.${verb}`)}
      submitText={t(`instruments.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={verb === 'retire'}
      onSubmit={submit}
    >
      <p>{t(`instruments.${verb}_lead`)}</p>
    </FormDialog>
  );
}

function Preview({ definition }: { definition: Definition }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const needs = useCodes('needs');
  const ppks = useCodes('ppks_types');
  const say = useConditionText(definition);
  return (
    <>
      {definition.sections.map((section) => (
        <Card key={section.code} title={name(section.title)}>
          {section.when && (
            <p className="muted">{t('instruments.asked_when', { when: say(section.when) })}</p>
          )}
          <ol className="form-preview">
            {section.questions.map((question) => (
              <li key={question.code}>
                <p className="strong">{name(question.text)}</p>
                {question.help && <p className="muted small">{name(question.help)}</p>}
                <p className="muted small">{kindText(question)}</p>
                {question.options && question.options.length > 0 && (
                  <ul className="small">
                    {question.options.map((option) => (
                      <li key={option.code}>{name(option.label)}</li>
                    ))}
                  </ul>
                )}
                {question.when && (
                  <p className="small">
                    {t('instruments.asked_when', { when: say(question.when) })}
                  </p>
                )}
              </li>
            ))}
          </ol>
        </Card>
      ))}
      {(definition.scores ?? []).map((score) => (
        <Card key={score.code} title={t('instruments.score', { name: name(score.name) })}>
          <ul className="form-preview">
            {score.items.map((item) => (
              <li key={`${name(item.label)} ${item.points}`}>
                {t('instruments.item', {
                  points: formatNumber(item.points),
                  label: name(item.label),
                })}
              </li>
            ))}
          </ul>
          <Facts
            items={score.bands.map(
              (band) =>
                [name(band.name), t('instruments.from', { n: formatNumber(band.from) })] as const,
            )}
          />
        </Card>
      ))}
      {(definition.findings ?? []).length > 0 && (
        <Card title={t('instruments.findings')}>
          <ul className="form-preview">
            {(definition.findings ?? []).map((found) => (
              <li key={`${found.need_code} ${JSON.stringify(found.when)}`}>
                <p className="row">
                  <span className="strong">{needs.name(found.need_code)}</span>
                  <StatusBadge group="severity" value={found.severity} />
                  {found.ppks_code && (
                    <span className="muted small">{ppks.name(found.ppks_code)}</span>
                  )}
                </p>
                <p className="small">{t('instruments.found_when', { when: say(found.when) })}</p>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );

  function kindText(question: Question): string {
    const bounds = [question.min, question.max].every((n) => typeof n === 'number')
      ? `${formatNumber(question.min)}–${formatNumber(question.max)}`
      : '';
    return [
      word('question_kind', question.kind),
      bounds,
      t(question.required ? 'instruments.required' : 'ui.optional'),
    ]
      .filter(Boolean)
      .join(' · ');
  }
}
