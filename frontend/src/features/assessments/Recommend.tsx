// Needs: what the answers point to, and what the worker recommends. Only the signature makes them
// problems, so each is the worker's own choice.
import { Button, Textarea } from '@mantine/core';
import { IconCheck, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation, Found, Recommended } from '~/api/forms';
import { useCodes } from '~/api/reference';
import { word } from '~/i18n';
import { FormDialog } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { PickSelect } from '~/ui/fields';
import { Notice } from '~/ui/states';

const severities = ['emergency', 'high', 'medium', 'low'];

interface Props {
  evaluation: Evaluation;
  recommended: Recommended[];
  /** Absent where nothing may be changed any more. */
  change?: (next: Recommended[]) => void;
}

export function Recommend({ evaluation, recommended, change }: Props) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const ppks = useCodes('ppks_types');
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const open = evaluation.findings.filter(
    (found) => !recommended.some((one) => one.need_code === found.need_code),
  );
  const about = (one: Found) => (
    <span className="row">
      <span className="strong">{needs.name(one.need_code)}</span>
      <StatusBadge group="severity" value={one.severity} />
      {one.ppks_code && <span className="muted small">{ppks.name(one.ppks_code)}</span>}
    </span>
  );
  function put(next: Recommended) {
    if (!change) return;
    change(
      editing === 'new'
        ? [...recommended, next]
        : recommended.map((one, at) => (at === editing ? next : one)),
    );
    setEditing(null);
  }
  return (
    <div className="stack" id="q-recommended">
      {change && (
        <div className="stack">
          <h3 className="sub-title">{t('assessments.findings')}</h3>
          {open.length === 0 && (
            <p className="muted">
              {t(
                evaluation.findings.length > 0
                  ? 'assessments.findings_taken'
                  : 'assessments.no_findings',
              )}
            </p>
          )}
          {open.map((found) => (
            <div key={found.need_code} className="need need-found">
              {about(found)}
              <Button
                variant="light"
                leftSection={<IconCheck size={18} aria-hidden="true" />}
                aria-label={t('assessments.accept_need', { need: needs.name(found.need_code) })}
                onClick={() => change([...recommended, { ...found, note: null }])}
              >
                {t('assessments.accept')}
              </Button>
            </div>
          ))}
        </div>
      )}
      <div className="stack">
        {change && <h3 className="sub-title">{t('assessments.recommended')}</h3>}
        {recommended.length === 0 && <p className="muted">{t('assessments.none_recommended')}</p>}
        {recommended.map((one, at) => (
          <div key={`${one.need_code} ${one.ppks_code ?? ''}`} className="need">
            <div className="stack-tight">
              {about(one)}
              {one.note && <p className="wrap-any">{one.note}</p>}
            </div>
            {change && (
              <span className="row">
                <Button
                  variant="default"
                  leftSection={<IconPencil size={18} aria-hidden="true" />}
                  aria-label={t('assessments.edit_need', { need: needs.name(one.need_code) })}
                  onClick={() => setEditing(at)}
                >
                  {t('ui.edit')}
                </Button>
                <Button
                  variant="subtle"
                  leftSection={<IconTrash size={18} aria-hidden="true" />}
                  aria-label={t('assessments.remove_need', { need: needs.name(one.need_code) })}
                  onClick={() => change(recommended.filter((_, other) => other !== at))}
                >
                  {t('assessments.remove')}
                </Button>
              </span>
            )}
          </div>
        ))}
        {change && (
          <div>
            <Button
              variant="default"
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              onClick={() => setEditing('new')}
            >
              {t('assessments.add_need')}
            </Button>
          </div>
        )}
      </div>
      {editing !== null && (
        <NeedDialog
          start={editing === 'new' ? undefined : recommended[editing]}
          close={() => setEditing(null)}
          put={put}
        />
      )}
    </div>
  );
}

function NeedDialog({
  start,
  close,
  put,
}: {
  start: Recommended | undefined;
  close: () => void;
  put: (next: Recommended) => void;
}) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const ppks = useCodes('ppks_types');
  const [need, setNeed] = useState(start?.need_code ?? '');
  const [type, setType] = useState(start?.ppks_code ?? '');
  const [severity, setSeverity] = useState(start?.severity ?? 'medium');
  const [note, setNote] = useState(start?.note ?? '');
  const restricted =
    needs.entries.find((entry) => entry.code === need)?.sensitivity === 'restricted' ||
    ppks.entries.find((entry) => entry.code === type)?.sensitivity === 'restricted';
  return (
    <FormDialog
      opened
      close={close}
      title={t(start ? 'assessments.need_title' : 'assessments.add_need')}
      submitText={t('assessments.use_need')}
      busy={false}
      disabled={!need || !severity}
      onSubmit={() =>
        put({
          need_code: need,
          ppks_code: type || null,
          severity,
          note: note.trim() || null,
        })
      }
    >
      <PickSelect
        label={t('assessments.need')}
        required
        options={needs.options}
        value={need}
        onChange={setNeed}
      />
      <PickSelect
        label={`${t('assessments.ppks')} (${t('ui.optional')})`}
        options={ppks.options}
        value={type}
        onChange={setType}
      />
      {restricted && <Notice tone="warn" title={t('assessments.restricted_hint')} />}
      <PickSelect
        label={t('assessments.severity')}
        required
        options={severities.map((value) => ({ value, label: word('severity', value) }))}
        value={severity}
        onChange={setSeverity}
      />
      <Textarea
        label={`${t('ui.note')} (${t('ui.optional')})`}
        maxLength={1000}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
