import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type DragEvent, type FormEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '~/api/http';
import { getAll } from '~/api/reference';
import type { ImportRun, LocalizedText } from '~/api/types';
import { useLanguage } from '~/i18n';
import { PickSelect } from '~/ui/fields';
import { formatNumber } from '~/ui/format';
import { Card, Page } from '~/ui/page';
import { ProblemNotice } from '~/ui/states';
import { Steps } from './Steps';
import { upload } from './upload';

type Part = 'families' | 'members' | 'workbook' | 'list';
interface Profile {
  name: string;
  label: LocalizedText;
  /** The multipart parts that the service expects. */
  parts: Part[];
}
/** P3KE comes as one workbook with its parts on sheets. */
const partsOf = (profile: Profile | undefined): Part[] =>
  profile?.name === 'p3ke' ? ['workbook'] : (profile?.parts ?? []);

/** What can be uploaded: of each name the newest version in use, which the service lists first. */
function useProfiles() {
  const query = useQuery({
    queryKey: ['import-profiles', 'active'],
    queryFn: () => getAll<Profile>('/import-profiles', { status: 'active' }),
  });
  const byName = new Map((query.data ?? []).toReversed().map((row) => [row.name, row]));
  return { error: query.error, all: [...byName.values()] };
}

function lastMonth(): string {
  const day = new Date();
  day.setDate(0);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}`;
}

export default function NewImport() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const profiles = useProfiles();
  const navigate = useNavigate();
  const [profile, setProfile] = useState('dtsen');
  const [period, setPeriod] = useState(lastMonth);
  const [files, setFiles] = useState<Record<string, File | undefined>>({});
  const [touched, setTouched] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const key = useRef(newKey());
  const parts = partsOf(profiles.all.find((row) => row.name === profile));
  const badPeriod = !/^\d{4}-(0[1-9]|1[0-2])$/.test(period);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTouched(true);
    if (badPeriod || parts.length === 0 || parts.some((part) => !files[part])) return;
    const form = new FormData();
    // Fields before files: the service reads the stream in order.
    form.append('profile', profile);
    form.append('period', period);
    for (const part of parts) {
      const file = files[part];
      if (file) form.append(part, file, file.name);
    }
    setShare(0);
    setError(null);
    try {
      const run = await upload<ImportRun>('/imports', form, key.current, setShare);
      await navigate({ to: `/imports/${run.id}` });
    } catch (failure) {
      key.current = newKey();
      setError(failure);
      setShare(null);
    }
  }

  return (
    <Page title={t('imports.new')} lead={t('imports.lead')}>
      <Steps at={0} />
      <form
        onSubmit={(event) => void submit(event)}
        noValidate
        className="stack"
        style={{ maxWidth: 820 }}
      >
        <ProblemNotice error={error ?? profiles.error} />
        <Card>
          <PickSelect
            label={t('imports.profile')}
            required
            options={profiles.all.map((row) => ({ value: row.name, label: name(row.label) }))}
            value={profile}
            onChange={(value) => value && setProfile(value)}
          />
          <TextInput
            label={t('imports.period')}
            description={t('imports.period_hint')}
            required
            value={period}
            maxLength={7}
            onChange={(event) => setPeriod(event.currentTarget.value)}
            error={touched && badPeriod ? t('imports.bad_period') : undefined}
          />
          {parts.map((part) => (
            <FilePick
              key={part}
              label={t(`imports.${part}`)}
              file={files[part]}
              onPick={(file) => setFiles((before) => ({ ...before, [part]: file }))}
              error={touched && !files[part] ? t('imports.missing_file') : undefined}
            />
          ))}
        </Card>
        {share !== null && (
          <div role="status" className="stack">
            <p className="strong">
              {t('imports.uploading')} {Math.round(share * 100)} %
            </p>
            <div className="meter" aria-hidden="true">
              <span style={{ width: `${share * 100}%` }} />
            </div>
          </div>
        )}
        <div className="row">
          <Button type="submit" loading={share !== null}>
            {t('imports.upload')}
          </Button>
        </div>
      </form>
    </Page>
  );
}

function FilePick({
  label,
  file,
  onPick,
  error,
}: {
  label: string;
  file: File | undefined;
  onPick: (file: File | undefined) => void;
  error: string | undefined;
}) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const id = useId();
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped) onPick(dropped);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the input does the same
    <div
      className="file-drop"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id} className="strong">
        {label}
      </label>
      <input
        id={id}
        type="file"
        className="sp-visually-hidden"
        accept=".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        aria-describedby={`${id}-hint`}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onPick(event.currentTarget.files?.[0])}
      />
      {/* The browser's own button speaks the browser's language, not the screen's. */}
      <label htmlFor={id} className="file-button">
        {t(file ? 'imports.other_file' : 'imports.pick_file')}
      </label>
      <p id={`${id}-hint`} className={error ? 'late small' : 'muted small'}>
        {error ??
          (file
            ? t('imports.file_size', {
                name: file.name,
                size: `${formatNumber(Math.ceil(file.size / 1024))} kB`,
              })
            : t('imports.file_hint'))}
      </p>
    </div>
  );
}
