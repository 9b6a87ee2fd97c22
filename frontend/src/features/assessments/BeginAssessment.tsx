import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Assessment, Instrument } from '~/api/forms';
import { call } from '~/api/http';
import type { HouseholdDetail } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { Notice, ProblemNotice } from '~/ui/states';
import { usePage } from '~/ui/useResource';

/** Which form, and about whom: the household or one of its people, as the form says. */
export function BeginAssessment({
  household,
  close,
}: {
  household: HouseholdDetail;
  close: () => void;
}) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const navigate = useNavigate();
  const act = useAct();
  const instruments = usePage<Instrument>('/instruments', { status: 'active', limit: 100 });
  const [code, setCode] = useState('');
  const [person, setPerson] = useState('');
  const offered = instruments.data?.data ?? [];
  const chosen = offered.find((one) => one.code === code);
  const ofPerson = chosen?.subject_kind === 'individual';
  const living = household.members.filter((one) => one.life_status === 'alive');

  function submit() {
    void act.run(async (key) => {
      const subject = ofPerson
        ? { kind: 'individual', id: person }
        : { kind: 'household', id: household.id };
      const begun = await call<Assessment>('/assessments', {
        method: 'POST',
        body: { instrument_code: code, subject },
        key,
      });
      close();
      void navigate({ to: `/assessments/${begun.data.id}` });
    });
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('assessments.begin')}
      submitText={t('assessments.begin')}
      busy={act.busy}
      error={act.error}
      disabled={!chosen || (ofPerson && !person)}
      onSubmit={submit}
    >
      <ProblemNotice error={instruments.error} />
      {instruments.isSuccess && offered.length === 0 && (
        <Notice tone="warn" title={t('assessments.no_instruments')} />
      )}
      <PickSelect
        label={t('assessments.instrument')}
        required
        options={offered.map((one) => ({ value: one.code, label: name(one.name) }))}
        value={code}
        onChange={setCode}
      />
      {chosen?.description && <p className="muted">{name(chosen.description)}</p>}
      {ofPerson && (
        <PickSelect
          label={t('assessments.person')}
          required
          options={living.map((one) => ({ value: one.id, label: one.name ?? '' }))}
          value={person}
          onChange={setPerson}
        />
      )}
    </FormDialog>
  );
}
