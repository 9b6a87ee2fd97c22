import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import type { HouseholdDetail, Individual } from '~/api/types';
import { word } from '~/i18n';
import { CanButton } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { ageAt, formatDate, formatPeriod } from '~/ui/format';
import { Facts } from '~/ui/page';
import { Empty } from '~/ui/states';
import { AddMember, EditMember } from './EditMember';
import { FactList } from './FactList';
import { MemberExit } from './MemberExit';
import { RevealNik } from './RevealNik';

export function Members({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  return (
    <div className="stack">
      <div className="row">
        <CanButton
          can={household.can}
          action="add-member"
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => setAdding(true)}
        >
          {t('individual.add')}
        </CanButton>
      </div>
      {household.members.length === 0 ? (
        <div className="card">
          <Empty title={t('household.no_members')} why={t('household.no_members_why')} />
        </div>
      ) : (
        <ul className="people">
          {household.members.map((person) => (
            <Person key={person.id} person={person} />
          ))}
        </ul>
      )}
      {adding && <AddMember household={household} close={() => setAdding(false)} />}
    </div>
  );
}

function Person({ person }: { person: Individual }) {
  const { t } = useTranslation();
  const relations = useCodes('relation');
  const marital = useCodes('marital_status');
  const [dialog, setDialog] = useState<'edit' | 'decease' | 'move-out' | null>(null);
  const age = ageAt(person.birth_date);
  const gone = person.life_status !== 'alive';
  return (
    <li className={gone ? 'card person person-gone' : 'card person'}>
      <div className="spread">
        <div>
          <h2 className="person-name">{person.name ?? t('individual.hidden_name')}</h2>
          <p className="muted small">
            {[
              relations.name(person.relation),
              word('sex', person.sex),
              age !== null && t('individual.age_years', { n: age }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        {gone && <StatusBadge group="life_status" value={person.life_status} />}
      </div>
      <RevealNik person={person} />
      <Facts
        items={[
          [t('individual.birth_date'), bornOn(person)],
          [t('individual.marital'), marital.name(person.marital_status)],
          person.mother_name ? [t('individual.mother'), person.mother_name] : null,
          person.phone ? [t('individual.phone'), person.phone] : null,
        ]}
      />
      <FactList facts={person.facts ?? {}} />
      <div className="row">
        <CanButton
          can={person.can}
          action="update"
          variant="default"
          size="sm"
          onClick={() => setDialog('edit')}
        >
          {t('ui.edit')}
        </CanButton>
        {person.can.includes('decease') && (
          <Button variant="subtle" size="sm" onClick={() => setDialog('decease')}>
            {t('individual.decease')}
          </Button>
        )}
        {person.can.includes('move-out') && (
          <Button variant="subtle" size="sm" onClick={() => setDialog('move-out')}>
            {t('individual.move_out')}
          </Button>
        )}
      </div>
      {dialog === 'edit' && <EditMember id={person.id} close={() => setDialog(null)} />}
      {(dialog === 'decease' || dialog === 'move-out') && (
        <MemberExit person={person} kind={dialog} close={() => setDialog(null)} />
      )}
    </li>
  );
}

/** As much of a birth date as is known. */
function bornOn(person: Individual): string {
  const date = person.birth_date;
  if (date && person.birth_date_precision === 'year') return date.slice(0, 4);
  if (date && person.birth_date_precision === 'month') return formatPeriod(date.slice(0, 7));
  return formatDate(date);
}
