// What happens to a household, as against what is known about it: it moves, splits, gets another
// head, ends. Each is an event with its own form.
import { Button, Checkbox, Menu, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes, useRegions } from '~/api/reference';
import type { HouseholdDetail } from '~/api/types';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';

const verbs = ['move', 'change-head', 'split', 'dissolve'] as const;
type Verb = (typeof verbs)[number];
const words = {
  move: 'move',
  'change-head': 'head',
  split: 'split',
  dissolve: 'dissolve',
} as const;

export function HouseholdVerbs({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<Verb | null>(null);
  const possible = verbs.filter((name) => allowed(household.can, name));
  if (possible.length === 0) return null;
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={18} aria-hidden="true" />}>
            {t('household.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {possible.map((name) => (
            <Menu.Item key={name} onClick={() => setVerb(name)}>
              {t(`household.verbs.${words[name]}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {verb && <Transition household={household} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}

function Transition({
  household,
  verb,
  close,
}: {
  household: HouseholdDetail;
  verb: Verb;
  close: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const regions = useRegions();
  const reasons = useCodes('household_end_reasons');
  const act = useAct();
  const [region, setRegion] = useState('');
  const [outside, setOutside] = useState(false);
  const [street, setStreet] = useState('');
  const [rt, setRt] = useState('');
  const [rw, setRw] = useState('');
  const [person, setPerson] = useState('');
  const [leaving, setLeaving] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const living = household.members
    .filter((member) => member.life_status === 'alive')
    .map((member) => ({ value: member.id, label: member.name ?? t('individual.hidden_name') }));

  const filled = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim()));
  const bodies = {
    move: outside
      ? { out_of_city: true }
      : { region_code: region, out_of_city: false, ...filled({ street, rt, rw }) },
    'change-head': { individual_id: person },
    split: { member_ids: leaving, head_id: person },
    dissolve: { reason_code: reason },
  };
  const ready = {
    move: outside || region !== '',
    'change-head': person !== '',
    split: leaving.length > 0 && leaving.length < living.length && leaving.includes(person),
    dissolve: reason !== '',
  };

  function submit() {
    void act.run(async (key) => {
      const current = await call<HouseholdDetail>(`/households/${household.id}`);
      const { data } = await call<HouseholdDetail>(`/households/${household.id}/${verb}`, {
        method: 'POST',
        body: bodies[verb],
        etag: current.etag,
        key,
      });
      close();
      if (verb === 'split' && data.id !== household.id) {
        await navigate({ to: `/households/${data.id}` });
      }
    }, t('household.verb_done'));
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t(`household.verbs.${words[verb]}`)}
      submitText={t('ui.save')}
      danger={verb === 'dissolve'}
      busy={act.busy}
      error={act.error}
      disabled={!ready[verb]}
      onSubmit={submit}
    >
      {verb === 'move' && (
        <>
          <Checkbox
            label={t('household.out_of_city')}
            checked={outside}
            onChange={(event) => setOutside(event.currentTarget.checked)}
          />
          {!outside && (
            <>
              <PickSelect
                label={t('households.kelurahan')}
                required
                options={regions.kelurahan}
                value={region}
                onChange={setRegion}
              />
              <TextInput
                label={t('household.street')}
                value={street}
                onChange={(event) => setStreet(event.currentTarget.value)}
              />
              <div className="row" style={{ flexWrap: 'nowrap' }}>
                <TextInput
                  label={t('household.rt')}
                  value={rt}
                  onChange={(event) => setRt(event.currentTarget.value)}
                />
                <TextInput
                  label={t('household.rw')}
                  value={rw}
                  onChange={(event) => setRw(event.currentTarget.value)}
                />
              </div>
            </>
          )}
        </>
      )}
      {verb === 'split' && (
        <Checkbox.Group
          label={t('household.who_leaves')}
          value={leaving}
          onChange={(value) => setLeaving(value)}
        >
          <div className="check-grid">
            {living.map((member) => (
              <Checkbox key={member.value} value={member.value} label={member.label} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      {(verb === 'change-head' || verb === 'split') && (
        <PickSelect
          label={t('household.new_head')}
          required
          options={
            verb === 'split' ? living.filter((member) => leaving.includes(member.value)) : living
          }
          value={person}
          onChange={setPerson}
        />
      )}
      {verb === 'dissolve' && (
        <PickSelect
          label={t('ui.reason')}
          required
          options={reasons.options}
          value={reason}
          onChange={setReason}
        />
      )}
    </FormDialog>
  );
}
