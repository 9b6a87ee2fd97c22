// A new version of a layout from a sample of the file: what is looked at is forgotten again by the service.
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, get } from '~/api/http';
import { getAll } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { Card, Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Notice, ProblemNotice } from '~/ui/states';
import { Mapping } from './Mapping';
import {
  type Choices,
  faultsOf,
  type ImportProfile,
  missingOf,
  type Sample,
  withSample,
} from './types';
import './profiles.css';

interface Look {
  base: ImportProfile;
  sample: Sample;
}

export default function NewProfile() {
  const { t } = useTranslation();
  const [look, setLook] = useState<Look | null>(null);
  return (
    <Page
      title={t('profiles.new')}
      lead={t('profiles.new_lead')}
      back={t('places.import_profiles')}
    >
      {look ? (
        <Draft key={look.base.id} look={look} back={() => setLook(null)} />
      ) : (
        <Pick found={setLook} />
      )}
    </Page>
  );
}

function Pick({ found }: { found: (look: Look) => void }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const act = useAct();
  const [chosen, setChosen] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [touched, setTouched] = useState(false);
  const query = useQuery({
    queryKey: ['import-profiles', 'active'],
    queryFn: () => getAll<ImportProfile>('/import-profiles', { status: 'active' }),
  });
  // The newest of a name comes first and is the one that reads.
  const newest = [
    ...new Map((query.data ?? []).toReversed().map((row) => [row.name, row])).values(),
  ];
  function inspect() {
    const like = newest.find((row) => row.name === chosen);
    setTouched(true);
    if (!like || !file) return;
    void act.run(async () => {
      const form = new FormData();
      form.append('name', like.name);
      form.append('file', file, file.name);
      const [base, sample] = await Promise.all([
        get<ImportProfile>(`/import-profiles/${like.id}`),
        call<Sample>('/import-profiles/inspect', { method: 'POST', form }),
      ]);
      found({ base, sample: sample.data });
    });
  }
  return (
    <form
      noValidate
      className="card card-pad stack profile-form"
      onSubmit={(event) => {
        event.preventDefault();
        inspect();
      }}
    >
      <ProblemNotice error={act.error ?? query.error} />
      <PickSelect
        label={t('profiles.like')}
        description={t('profiles.like_hint')}
        required
        value={chosen}
        onChange={setChosen}
        options={newest.map((row) => ({ value: row.name, label: name(row.label) }))}
        error={touched && !chosen && t('ui.required')}
      />
      <TextInput
        type="file"
        label={t('profiles.sample')}
        description={t('profiles.sample_hint')}
        required
        accept=".csv,.txt,.xlsx"
        onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        error={touched && !file && t('ui.required')}
      />
      <div>
        <Button type="submit" loading={act.busy}>
          {t('profiles.inspect')}
        </Button>
      </div>
    </form>
  );
}

const firstChoices = (sample: Sample): Choices =>
  Object.fromEntries(
    sample.columns.map((column) => [column.key, { variable: column.variable ?? '', codes: {} }]),
  );

function Draft({ look: { base, sample }, back }: { look: Look; back: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const act = useAct();
  const [head, setHead] = useState({
    name: base.name,
    id: base.label.id,
    en: base.label.en ?? '',
  });
  const [choices, setChoices] = useState(() => firstChoices(sample));
  const [sent, setSent] = useState<(string | null)[]>([]);
  const errors = fieldErrors(act.error);
  const faults = faultsOf(act.error, sent, choices);
  const named = Object.keys(faults.rows).length + faults.rest.length > 0;
  function save() {
    if (!base.definition) return;
    const { layout, rows } = withSample(base.definition, sample, choices);
    setSent(rows);
    void act.run(async (key) => {
      const body = {
        name: head.name.trim(),
        label: { id: head.id, en: head.en },
        definition: layout,
      };
      const made = await call<ImportProfile>('/import-profiles', { method: 'POST', body, key });
      await navigate({ to: `/import-profiles/${made.data.id}` as string });
    }, t('profiles.saved'));
  }
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {named ? (
        <Notice tone="bad" title={t('profiles.faulty')} role="alert">
          {faults.rest.map((fault) => (
            <p key={fault.pointer + fault.detail}>
              {missingOf(fault.detail).length > 0
                ? t('profiles.needs_column', {
                    names: missingOf(fault.detail)
                      .map((variable) => word('profile_variable', variable))
                      .join(' / '),
                  })
                : `${word('field', fault.code)} (${fault.pointer.slice(12)})`}
            </p>
          ))}
        </Notice>
      ) : (
        <ProblemNotice error={act.error} />
      )}
      <Card>
        <div className="profile-head">
          <TextInput
            label={t('profiles.name')}
            description={t('profiles.name_hint')}
            required
            maxLength={40}
            value={head.name}
            error={errors.name}
            onChange={(event) => setHead({ ...head, name: event.currentTarget.value })}
          />
          <TextInput
            label={t('profiles.label_id')}
            required
            maxLength={200}
            value={head.id}
            error={errors['label.id']}
            onChange={(event) => setHead({ ...head, id: event.currentTarget.value })}
          />
          <TextInput
            label={t('profiles.label_en')}
            required
            maxLength={200}
            value={head.en}
            error={errors['label.en']}
            onChange={(event) => setHead({ ...head, en: event.currentTarget.value })}
          />
        </div>
        <p className="muted small">
          {t('profiles.seen', {
            part: word('profile_part', sample.part),
            form: sample.encoding,
            separator: sample.separator ?? '–',
            row: sample.header_row,
          })}
        </p>
      </Card>
      <Mapping
        sample={sample}
        choices={choices}
        faults={faults.rows}
        choose={(key, choice) => setChoices((before) => ({ ...before, [key]: choice }))}
      />
      <div className="row">
        <Button type="submit" loading={act.busy}>
          {t('profiles.save')}
        </Button>
        <Button variant="default" onClick={back}>
          {t('profiles.other_sample')}
        </Button>
      </div>
    </form>
  );
}
