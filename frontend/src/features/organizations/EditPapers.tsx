// Registration and data-sharing agreement: numbers, days, and what of a person the partner may see.
import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { Organization } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { DateInput } from '~/ui/fields';

const fields = [
  'name',
  'birth_date',
  'sex',
  'address',
  'phone',
  'nik',
  'family',
  'welfare',
  'health',
] as const;

export function EditPapers(props: {
  organization: Organization;
  etag: string | undefined;
  close: () => void;
}) {
  const { t } = useTranslation();
  const { organization, etag, close } = props;
  const act = useAct();
  const [draft, setDraft] = useState({
    registration_number: organization.registration_number ?? '',
    registration_expires_on: organization.registration_expires_on ?? '',
    agreement_number: organization.agreement_number ?? '',
    agreement_from: organization.agreement_from ?? '',
    agreement_until: organization.agreement_until ?? '',
  });
  const [seen, setSeen] = useState<string[]>(organization.agreement_fields ?? []);
  const set = (name: keyof typeof draft) => (value: string) =>
    setDraft((before) => ({ ...before, [name]: value }));

  function submit() {
    void act
      .run(() => {
        const texts = Object.entries(draft).map(([name, value]) => [name, value.trim() || null]);
        const body = { ...Object.fromEntries(texts), agreement_fields: seen };
        return call(`/organizations/${organization.id}`, { method: 'PATCH', body, etag });
      }, t('money.edit_done'))
      .then((ok) => ok && close());
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t('money.edit')}
      submitText={t('ui.save')}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <TextInput
        label={t('organizations.registration')}
        maxLength={100}
        value={draft.registration_number}
        onChange={(event) => set('registration_number')(event.currentTarget.value)}
      />
      <DateInput
        label={t('organizations.registration_until')}
        value={draft.registration_expires_on}
        onChange={set('registration_expires_on')}
      />
      <TextInput
        label={t('organizations.agreement')}
        maxLength={100}
        value={draft.agreement_number}
        onChange={(event) => set('agreement_number')(event.currentTarget.value)}
      />
      <DateInput
        label={t('money.agreement_from')}
        value={draft.agreement_from}
        onChange={set('agreement_from')}
      />
      <DateInput
        label={t('organizations.agreement_until')}
        value={draft.agreement_until}
        min={draft.agreement_from}
        onChange={set('agreement_until')}
      />
      <Checkbox.Group label={t('money.fields')} value={seen} onChange={setSeen}>
        <div className="stack">
          {fields.map((field) => (
            <Checkbox key={field} value={field} label={t(`money.field.${field}`)} />
          ))}
        </div>
      </Checkbox.Group>
    </FormDialog>
  );
}
