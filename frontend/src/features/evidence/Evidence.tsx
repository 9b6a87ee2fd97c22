// Photographs and papers of a record: added here, shown on request. Opening one is logged by the
// service, so nothing is fetched before somebody asks to see it.
import { Button, TextInput } from '@mantine/core';
import { IconFileTypePdf, IconPhoto, IconPlus } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, download, rawCall } from '~/api/http';
import type { Evidence as Item } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { formatInstant, formatNumber } from '~/ui/format';
import { Card } from '~/ui/page';
import { problemTitle } from '~/ui/problem-text';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { toast } from '~/ui/toast';
import { usePage } from '~/ui/useResource';
import './evidence.css';

const adders = [
  'coordinator',
  'social_worker',
  'village_operator',
  'agency_officer',
  'citizen',
] as const;

interface Props {
  /** Collection the files belong to, such as `/problems/{id}/evidence`. */
  path: string;
  /** The record still takes files. */
  open: boolean;
  /** Inside the card of its record: no card of its own, and nothing where there is nothing. */
  within?: boolean;
}

export function Evidence({ path, open, within }: Props) {
  const { t } = useTranslation();
  const account = useAccount();
  const [adding, setAdding] = useState(false);
  const reads = hasRole(account, ...adders, 'partner');
  const query = usePage<Item>(path, { limit: 50 }, reads);
  if (!reads) return null;
  const mayAdd = open && hasRole(account, ...adders);
  const add = mayAdd && (
    <Button
      variant="default"
      leftSection={<IconPlus size={18} aria-hidden="true" />}
      onClick={() => setAdding(true)}
    >
      {t('evidence.add')}
    </Button>
  );
  const files = query.data?.data ?? [];
  const list = (
    <ul className="evidence">
      {files.map((item) => (
        <File key={item.id} item={item} />
      ))}
    </ul>
  );
  const dialog = adding && <AddFile path={path} close={() => setAdding(false)} />;
  const failed = query.isError && query.data === undefined;
  if (within && !failed) {
    if (files.length === 0 && !mayAdd) return null;
    return (
      <section className="stack" aria-label={t('evidence.title')}>
        {files.length > 0 && list}
        {add && <div>{add}</div>}
        {dialog}
      </section>
    );
  }
  return (
    <Card title={t('evidence.title')} actions={add}>
      {failed ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Loading lines={2} />
      ) : files.length === 0 ? (
        <Empty title={t('evidence.none')} why={t('evidence.none_why')} />
      ) : (
        list
      )}
      {dialog}
    </Card>
  );
}

function File({ item }: { item: Item }) {
  const { t } = useTranslation();
  const act = useAct();
  const [shown, setShown] = useState<string | null>(null);
  const [removing, setRemoving] = useState(false);
  const picture = item.media_type !== 'application/pdf';
  const Icon = picture ? IconPhoto : IconFileTypePdf;

  useEffect(() => () => (shown ? URL.revokeObjectURL(shown) : undefined), [shown]);

  async function show() {
    try {
      if (!picture) return await download(`/evidence/${item.id}/file`, {}, 'bukti.pdf');
      const response = await rawCall(`/evidence/${item.id}/file`, { accept: '*/*' });
      setShown(URL.createObjectURL(await response.blob()));
    } catch (error) {
      toast(problemTitle(error));
    }
  }
  return (
    <li className="evidence-item">
      {shown ? (
        <a href={shown} target="_blank" rel="noreferrer" className="evidence-view">
          <img src={shown} alt={item.caption || item.name} />
        </a>
      ) : (
        <button type="button" className="evidence-view" onClick={() => void show()}>
          <Icon size={30} aria-hidden="true" />
          <span>
            {t(picture ? 'evidence.show' : 'evidence.download')}
            <span className="sp-visually-hidden"> {item.name}</span>
          </span>
        </button>
      )}
      {item.caption && <p className="wrap-any">{item.caption}</p>}
      <p className="muted small wrap-any">
        {t('evidence.about', {
          name: item.name,
          size: formatNumber(Math.ceil(item.bytes / 1024)),
          at: formatInstant(item.created_at),
        })}
      </p>
      {allowed(item.can, 'remove') && (
        <Button variant="subtle" color="red" onClick={() => setRemoving(true)}>
          {t('evidence.remove')}
        </Button>
      )}
      {removing && (
        <FormDialog
          opened
          danger
          close={() => setRemoving(false)}
          title={t('evidence.remove')}
          submitText={t('evidence.remove')}
          busy={act.busy}
          error={act.error}
          onSubmit={() =>
            void act.run(
              () => call(`/evidence/${item.id}`, { method: 'DELETE' }),
              t('evidence.removed'),
            )
          }
        >
          <p>{t('evidence.remove_lead')}</p>
        </FormDialog>
      )}
    </li>
  );
}

function AddFile({ path, close }: { path: string; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<globalThis.File | null>(null);
  const [caption, setCaption] = useState('');
  function submit() {
    if (!file) {
      input.current?.focus();
      return;
    }
    const form = new FormData();
    if (caption.trim()) form.append('caption', caption.trim());
    form.append('file', file, file.name);
    void act.run(async (key) => {
      await call(path, { method: 'POST', form, key });
      close();
    }, t('evidence.added'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('evidence.add')}
      submitText={t('evidence.send')}
      busy={act.busy}
      error={act.error}
      disabled={!file}
      onSubmit={submit}
    >
      <div className="file-drop">
        <label htmlFor={id} className="strong">
          {t('evidence.file')}
        </label>
        <input
          ref={input}
          id={id}
          type="file"
          className="sp-visually-hidden"
          accept="image/jpeg,image/png,image/webp,application/pdf"
          aria-describedby={`${id}-hint`}
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
        {/* The browser's own button speaks the browser's language, not the screen's. */}
        <label htmlFor={id} className="file-button">
          {t(file ? 'evidence.other_file' : 'evidence.pick_file')}
        </label>
        <p id={`${id}-hint`} className="muted small wrap-any">
          {file ? file.name : t('evidence.file_hint')}
        </p>
      </div>
      <TextInput
        label={`${t('evidence.caption')} (${t('ui.optional')})`}
        value={caption}
        maxLength={500}
        onChange={(event) => setCaption(event.currentTarget.value)}
      />
      <p className="muted small">{t('evidence.privacy')}</p>
    </FormDialog>
  );
}
