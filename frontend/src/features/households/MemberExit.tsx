// A member died or moved away: an event with a date and its evidence, not an edit.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Individual } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';

export function MemberExit({
  person,
  kind,
  close,
}: {
  person: Individual;
  kind: 'decease' | 'move-out';
  close: () => void;
}) {
  const { t } = useTranslation();
  const death = kind === 'decease';
  const codes = useCodes(death ? 'death_evidence' : 'individual_move_reasons');
  const [date, setDate] = useState('');
  const [code, setCode] = useState('');
  const act = useAct();
  const body = death ? { deceased_on: date, evidence_code: code } : { reason_code: code };
  return (
    <FormDialog
      opened
      close={close}
      title={`${t(death ? 'individual.decease' : 'individual.move_out')}: ${person.name}`}
      submitText={t('ui.save')}
      danger={death}
      busy={act.busy}
      error={act.error}
      disabled={(death && !date) || !code}
      onSubmit={() =>
        void act.run(
          async (key) => {
            const current = await call<Individual>(`/individuals/${person.id}`);
            await call(`/individuals/${person.id}/${kind}`, {
              method: 'POST',
              body,
              key,
              etag: current.etag,
            });
            close();
          },
          t(death ? 'individual.decease_done' : 'individual.move_out_done'),
        )
      }
    >
      {death && (
        <DateInput
          label={t('individual.deceased_on')}
          required
          value={date}
          onChange={setDate}
          max={new Date().toISOString().slice(0, 10)}
        />
      )}
      <PickSelect
        label={t(death ? 'individual.evidence' : 'individual.move_reason')}
        required
        options={codes.options}
        value={code}
        onChange={setCode}
      />
    </FormDialog>
  );
}
