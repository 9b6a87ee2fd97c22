// How the person of a referral is reached. Nothing is fetched before somebody asks: each look is recorded.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import { useAct } from '~/ui/act';
import { Card, Facts } from '~/ui/page';
import { ProblemNotice } from '~/ui/states';

interface ContactData {
  address: {
    street: string | null;
    rt: string | null;
    rw: string | null;
    village: string;
    district: string;
  } | null;
  people: {
    individual_id: string;
    name: string;
    phone: string | null;
    accommodations: Record<string, string | boolean>;
  }[];
}

const known = [
  'safe_contact',
  'wheelchair',
  'sign_language',
  'home_visit',
  'large_print',
  'companion',
] as const;

export function Contact({ id }: { id: string }) {
  const { t } = useTranslation();
  const act = useAct();
  const [contact, setContact] = useState<ContactData | null>(null);
  const show = () =>
    act.run(async () => setContact(await get<ContactData>(`/referrals/${id}/contact`)));
  const address = contact?.address;
  return (
    <Card title={t('receivers.contact')}>
      <p className="muted small">{t('receivers.contact_lead')}</p>
      <ProblemNotice error={act.error} />
      {contact === null ? (
        <div>
          <Button variant="default" loading={act.busy} onClick={() => void show()}>
            {t('receivers.contact_show')}
          </Button>
        </div>
      ) : (
        <>
          <Facts
            items={[
              [
                t('receivers.address'),
                address
                  ? [
                      address.street,
                      address.rt && `RT ${address.rt}`,
                      address.rw && `RW ${address.rw}`,
                      address.village,
                      address.district,
                    ]
                      .filter(Boolean)
                      .join(', ')
                  : t('receivers.no_address'),
              ],
            ]}
          />
          <ul className="stack" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
            {contact.people.map((person) => (
              <li key={person.individual_id}>
                <p className="strong wrap-any">{person.name}</p>
                <p className="wrap-any">
                  {person.phone ? (
                    <a href={`tel:${person.phone}`}>{person.phone}</a>
                  ) : (
                    <span className="muted">{t('receivers.no_phone')}</span>
                  )}
                </p>
                {known
                  .filter((name) => person.accommodations[name])
                  .map((name) => (
                    <p key={name} className="wrap-any">
                      {t(`receivers.${name}`)}
                      {typeof person.accommodations[name] === 'string' &&
                        `: ${person.accommodations[name]}`}
                    </p>
                  ))}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
