// A family that is not there yet: just enough to be found again, and who looks like it.
import { Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Option, useCodes, useRegions } from '~/api/reference';
import { useAccount } from '~/app/account';
import {
  confirmDistinct,
  type Distinct,
  LikelyPeople,
  type LikelyPerson,
  together,
  useLikely,
} from '~/ui/entry';
import { DateInput, PickSelect } from '~/ui/fields';
import '~/ui/entry/entry.css';

interface Member {
  row: number;
  name: string;
  nik: string;
  birth_date: string;
  relation: string;
  /** Who looks like him and is somebody else. */
  distinct: Distinct;
}

export interface Family {
  region_code: string;
  street: string;
  rt: string;
  rw: string;
  family_card_number: string;
  members: Member[];
}

const person = (row: number, name = '', relation = ''): Member => ({
  row,
  name,
  nik: '',
  birth_date: '',
  relation,
  distinct: {},
});

/** Somebody who works for one kelurahan need not choose it. */
export function emptyFamily(name = '', villages: Option[] = []): Family {
  // A number that was searched for is not a name.
  const typed = /\d/.test(name) ? '' : name;
  return {
    region_code: villages.length === 1 ? (villages[0]?.value ?? '') : '',
    street: '',
    rt: '',
    rw: '',
    family_card_number: '',
    members: [person(0, typed, 'head')],
  };
}

const filled = (fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim()));

export function familyBody(family: Family) {
  const { region_code, street, rt, rw, family_card_number, members } = family;
  return {
    region_code,
    addresses: filled({ street, rt, rw }),
    ...filled({ family_card_number }),
    members: entered(members).map(({ row: _row, distinct, ...member }) => ({
      ...filled(member),
      ...confirmDistinct(distinct),
    })),
  };
}

/** Those who are sent: whoever has a name. */
const entered = (members: Member[]) => members.filter((member) => member.name.trim());

/** The kelurahan somebody works for; all of the city for whoever works for the city. */
export function useOwnVillages(): Option[] {
  const account = useAccount();
  const { kelurahan } = useRegions();
  const areas = (account.grants ?? [])
    .filter((grant) => grant.scope_kind === 'kelurahan' || grant.scope_kind === 'kecamatan')
    .map((grant) => grant.scope_ref ?? '');
  if (areas.length === 0) return kelurahan;
  return kelurahan.filter(({ value }) =>
    areas.some((area) => value === area || value.startsWith(`${area}.`)),
  );
}

interface Props {
  family: Family;
  change: (family: Family) => void;
  choose: (id: string) => void;
  back: () => void;
  /** Whom the service named when it refused to store the family. */
  named: LikelyPerson[];
}

export function FamilyForm({ family, change, choose, back, named }: Props) {
  const { t } = useTranslation();
  const villages = useOwnVillages();
  const set = (field: Partial<Family>) => change({ ...family, ...field });
  const setMember = (row: number, field: Partial<Member>) =>
    set({
      members: family.members.map((member) =>
        member.row === row ? { ...member, ...field } : member,
      ),
    });
  return (
    <div className="stack">
      <div className="intake-grid">
        <PickSelect
          label={t('households.region')}
          required
          autoFocus
          options={villages}
          value={family.region_code}
          onChange={(region_code) => set({ region_code })}
        />
        <TextInput
          label={`${t('household.family_card')} (${t('ui.optional')})`}
          inputMode="numeric"
          autoComplete="off"
          value={family.family_card_number}
          onChange={(event) => set({ family_card_number: event.currentTarget.value })}
        />
        <TextInput
          label={`${t('household.street')} (${t('ui.optional')})`}
          autoComplete="off"
          value={family.street}
          onChange={(event) => set({ street: event.currentTarget.value })}
        />
        <TextInput
          label={t('household.rt')}
          inputMode="numeric"
          value={family.rt}
          onChange={(event) => set({ rt: event.currentTarget.value })}
        />
        <TextInput
          label={t('household.rw')}
          inputMode="numeric"
          value={family.rw}
          onChange={(event) => set({ rw: event.currentTarget.value })}
        />
      </div>
      {family.members.map((member, at) => (
        <Person
          key={member.row}
          family={family}
          member={member}
          at={at}
          change={(field) => setMember(member.row, field)}
          choose={choose}
          named={named.filter(
            (one) => one.pointer === `/members/${entered(family.members).indexOf(member)}`,
          )}
        />
      ))}
      <div className="row">
        <Button
          variant="default"
          onClick={() => set({ members: [...family.members, person(family.members.length)] })}
        >
          {t('intake.add_person')}
        </Button>
        <Button variant="subtle" onClick={back}>
          {t('intake.back')}
        </Button>
      </div>
    </div>
  );
}

interface PersonProps {
  family: Family;
  member: Member;
  at: number;
  change: (field: Partial<Member>) => void;
  choose: (id: string) => void;
  named: LikelyPerson[];
}

/** A member's row, with those of the area who may be the same person below it. */
function Person({ family, member, at, change, choose, named }: PersonProps) {
  const { t } = useTranslation();
  const relations = useCodes('relation');
  const { region_code, street, rt, rw, family_card_number } = family;
  const { name, nik, birth_date } = member;
  const found = useLikely({
    ...{ name, nik, birth_date },
    ...{ region_code, street, rt, rw, family_card_number },
  });
  return (
    <>
      <fieldset className="plain-fieldset intake-grid">
        <legend className="strong">{t('intake.person', { number: at + 1 })}</legend>
        <TextInput
          label={t('intake.name')}
          required={at === 0}
          autoFocus={at > 0}
          autoComplete="off"
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label={`NIK (${t('ui.optional')})`}
          inputMode="numeric"
          autoComplete="off"
          maxLength={16}
          value={nik}
          onChange={(event) => change({ nik: event.currentTarget.value })}
        />
        <DateInput
          label={`${t('intake.birth_date')} (${t('ui.optional')})`}
          value={birth_date}
          onChange={(value) => change({ birth_date: value })}
        />
        <PickSelect
          label={t('intake.relation')}
          options={relations.options}
          value={member.relation}
          onChange={(relation) => change({ relation })}
        />
      </fieldset>
      <LikelyPeople
        people={name.trim() ? together(found, named) : []}
        entered={{ name, nik, birth_date, address: street }}
        distinct={member.distinct}
        onDistinct={(distinct) => change({ distinct })}
        onSame={(person) => choose(person.household_id)}
        sameText={t('intake.is_same')}
        asks={named.length > 0}
      />
    </>
  );
}
