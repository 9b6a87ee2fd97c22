// A draft is edited here. What is published goes back to draft first; the page says so instead of
// letting somebody fill in a form that will be refused.
import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '~/api/http';
import { useCodes, useRegions } from '~/api/reference';
import type { Program } from '~/api/types';
import { allowed } from '~/ui/act';
import { ConflictDialog, type Flat } from '~/ui/Conflict';
import { Page, RecordState } from '~/ui/page';
import { Notice, ProblemNotice } from '~/ui/states';
import { useMergeEdit } from '~/ui/useMergeEdit';
import { useResource } from '~/ui/useResource';
import { ErrorSummary, ProgramFields, useProgramChecks, useProgramLabels } from './ProgramFields';
import { refusedFields } from './ProgramForm';
import { flattenProgram, type ProgramValues, programPatch, tidyProgram } from './program-rules';

export function EditProgram({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useResource<Program>(['programs', id], `/programs/${id}`);
  // The form keeps the version it opened with: a refetch must not hide that somebody else wrote.
  const [opened, setOpened] = useState<Answer<Program> | null>(null);
  if (query.data && !opened) setOpened(query.data);
  if (!opened) return <RecordState query={query} back={t('places.programs')} />;
  if (!allowed(opened.data.can, 'edit')) {
    return (
      <Page back={t('places.programs')} title={t('programs.edit')}>
        <Notice tone="warn" title={t('programs.not_draft')}>
          <p>{t('programs.not_draft_why')}</p>
          <Button component={Link} to={`/programs/${id}`} variant="default">
            {t('programs.open')}
          </Button>
        </Notice>
      </Page>
    );
  }
  return <EditForm seen={opened} />;
}

function EditForm({ seen }: { seen: Answer<Program> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const show = useShow();
  const labels = useProgramLabels();
  const form = useForm<ProgramValues>({
    initialValues: flattenProgram(seen.data),
    validate: useProgramChecks(),
  });
  const leave = () => void navigate({ to: `/programs/${seen.data.id}` });
  const edit = useMergeEdit<Program>({
    path: `/programs/${seen.data.id}`,
    seen,
    flatten: (program) => flattenProgram(program) as unknown as Flat,
    toPatch: (fields, now) => programPatch(fields, now),
    done: t('programs.edit_done'),
    onDone: leave,
    onRefused: (error) => form.setErrors(refusedFields(error)),
  });
  return (
    <Page back={t('places.programs')} title={t('programs.edit')} lead={seen.data.code}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (form.validate().hasErrors) return;
          void edit.save(tidyProgram(form.getValues()) as unknown as Flat);
        }}
        noValidate
        className="stack form-page"
      >
        <ErrorSummary form={form} />
        {!edit.clash && <ProblemNotice error={edit.error} />}
        <ProgramFields form={form} editing />
        <div className="row">
          <Button type="submit" loading={edit.busy}>
            {t('ui.save')}
          </Button>
          <Button variant="default" onClick={leave}>
            {t('ui.cancel')}
          </Button>
        </div>
      </form>
      {edit.clash && (
        <ConflictDialog
          fields={(Object.keys(labels) as (keyof ProgramValues)[]).map((key) => ({
            key,
            label: labels[key],
            show: (value) => show(key, value),
          }))}
          base={edit.base}
          mine={edit.clash.mine}
          theirs={edit.clash.theirs}
          busy={edit.busy}
          error={edit.error}
          onKeep={(patch) => void edit.keep(patch)}
          onDiscard={() => void edit.discard()}
        />
      )}
    </Page>
  );
}

/** A value in words, for the two versions side by side. */
function useShow() {
  const regions = useRegions();
  const lists: Partial<Record<keyof ProgramValues, ReturnType<typeof useCodes>>> = {
    needs: useCodes('needs'),
    pillar: useCodes('pillars'),
    kind: useCodes('benefit_kinds'),
    period: useCodes('benefit_periods'),
    access_mode: useCodes('access_modes'),
    overlap_class: useCodes('overlap_classes'),
    claim_unit: useCodes('claim_units'),
    documents: useCodes('documents'),
  };
  return (key: keyof ProgramValues, value: unknown): string => {
    const name = (code: string) =>
      key === 'areas' ? regions.full(code) : (lists[key]?.name(code) ?? code);
    return Array.isArray(value)
      ? value.map(String).map(name).join(', ')
      : name(String(value ?? ''));
  };
}
