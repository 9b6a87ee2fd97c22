// Two people edited one record. Shows both versions field by field; the second writer decides.
import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from './states';

export interface ConflictField {
  key: string;
  label: string;
  show: (value: unknown) => string;
}

export type Flat = Record<string, unknown>;

const same = (a: unknown, b: unknown) =>
  (a ?? null) === (b ?? null) || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** What the writer changed, from what he saw. */
export function changed(base: Flat, mine: Flat): string[] {
  return Object.keys(mine).filter((key) => !same(base[key], mine[key]));
}

/** Fields that the writer changed and that now read otherwise on the server than his value. */
export function contested(base: Flat, mine: Flat, theirs: Flat): string[] {
  return changed(base, mine).filter((key) => !same(theirs[key], mine[key]));
}

interface Props {
  fields: ConflictField[];
  base: Flat;
  mine: Flat;
  theirs: Flat;
  busy: boolean;
  error: unknown;
  onKeep: (patch: Flat) => void;
  onDiscard: () => void;
}

export function ConflictDialog({
  fields,
  base,
  mine,
  theirs,
  busy,
  error,
  onKeep,
  onDiscard,
}: Props) {
  const { t } = useTranslation();
  const open = contested(base, mine, theirs);
  const [choice, setChoice] = useState<Record<string, 'mine' | 'theirs'>>({});
  const chosen = (key: string) =>
    choice[key] ?? (same(base[key], theirs[key]) ? 'mine' : undefined);
  const undecided = open.some((key) => chosen(key) === undefined);

  function keep() {
    const patch: Flat = {};
    for (const key of open) if (chosen(key) === 'mine') patch[key] = mine[key];
    onKeep(patch);
  }

  return (
    <Modal
      opened
      onClose={onDiscard}
      title={t('conflict.title')}
      size="xl"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <div className="stack">
        <p>{t('conflict.lead')}</p>
        <ProblemNotice error={error} />
        {open.length === 0 && <p className="muted">{t('conflict.same')}</p>}
        {fields
          .filter((field) => open.includes(field.key))
          .map((field) => (
            <Radio.Group
              key={field.key}
              label={field.label}
              value={chosen(field.key) ?? ''}
              onChange={(value) =>
                setChoice({ ...choice, [field.key]: value as 'mine' | 'theirs' })
              }
            >
              <div className="conflict-pair">
                <div className="conflict-side">
                  <Radio value="theirs" label={t('conflict.theirs')} />
                  <p className="wrap-any">{field.show(theirs[field.key]) || t('conflict.empty')}</p>
                </div>
                <div className="conflict-side">
                  <Radio value="mine" label={t('conflict.mine')} />
                  <p className="wrap-any">{field.show(mine[field.key]) || t('conflict.empty')}</p>
                </div>
              </div>
            </Radio.Group>
          ))}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onDiscard}>
            {t('conflict.discard')}
          </Button>
          <Button onClick={keep} loading={busy} disabled={undecided}>
            {t('conflict.keep')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
