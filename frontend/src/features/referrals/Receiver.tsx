// A receiver without an account: how it is reached, and its answer on its behalf. And, for a receiver,
// how the person is reached while help lasts.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, rawCall, saveBlob } from '~/api/http';
import type { Referral, ReferralEvent } from '~/api/types';
import { useAct } from '~/ui/act';
import { formatDate, formatInstant } from '~/ui/format';
import { OneTimeSecret } from '~/ui/OneTimeSecret';
import { Card, Facts } from '~/ui/page';
import { ProblemNotice } from '~/ui/states';
import { Contact } from './Contact';
import { RecordAnswer } from './RecordAnswer';

interface MadeLink {
  url: string;
  secret: string;
  valid_until: string;
}

export function Receiver({ referral, events }: { referral: Referral; events: ReferralEvent[] }) {
  return (
    <>
      {referral.can.includes('contact') && <Contact id={referral.id} />}
      {referral.receiver.reach !== 'account' && <Reached referral={referral} events={events} />}
    </>
  );
}

function Reached({ referral, events }: { referral: Referral; events: ReferralEvent[] }) {
  const { t } = useTranslation();
  const act = useAct();
  const [link, setLink] = useState<MadeLink | null>(null);
  const [recording, setRecording] = useState(false);
  const { receiver, can } = referral;
  const given = events.find((event) => event.on_behalf)?.on_behalf;

  const make = () =>
    act.run(async () => {
      const made = await call<MadeLink>(`/referrals/${referral.id}/links`, { method: 'POST' });
      setLink(made.data);
    });
  const print = () =>
    act.run(async () => {
      const file = await rawCall(`/referrals/${referral.id}/letter`, {
        method: 'POST',
        accept: '*/*',
      });
      saveBlob(await file.blob(), 'rujukan.pdf');
    }, t('receivers.letter_done'));

  return (
    <Card title={t('receivers.title')}>
      {can.includes('record-answer') && <p>{t('receivers.lead')}</p>}
      <Facts
        items={[
          [t('receivers.reach'), t(`receivers.reach_${receiver.reach as 'link'}`)],
          receiver.email ? [t('receivers.email'), receiver.email] : null,
          receiver.phone ? [t('receivers.phone'), receiver.phone] : null,
          receiver.address ? [t('receivers.address'), receiver.address] : null,
          can.includes('make-link')
            ? [
                t('receivers.link'),
                receiver.link_until
                  ? t('receivers.link_until', { at: formatInstant(receiver.link_until) })
                  : t('receivers.link_none'),
              ]
            : null,
          given
            ? [
                t('receivers.on_behalf', { organization: referral.to_organization_name }),
                t('receivers.told_by', {
                  who: given.answered_by ?? '–',
                  channel: t(`receivers.channel_${given.channel as 'link'}`),
                  on: formatDate(given.answered_on),
                }),
              ]
            : null,
        ]}
      />
      <ProblemNotice error={act.error} />
      <div className="row">
        {can.includes('make-link') && (
          <Button loading={act.busy} onClick={() => void make()}>
            {t(receiver.link_until ? 'receivers.make_again' : 'receivers.make_link')}
          </Button>
        )}
        {can.includes('print-letter') && (
          <Button variant="default" disabled={act.busy} onClick={() => void print()}>
            {t('receivers.print_letter')}
          </Button>
        )}
        {can.includes('record-answer') && (
          <Button variant="default" onClick={() => setRecording(true)}>
            {t('receivers.record')}
          </Button>
        )}
      </div>
      {receiver.link_until && can.includes('make-link') && (
        <p className="muted small">{t('receivers.replaces')}</p>
      )}
      {link && (
        <OneTimeSecret
          title={t('receivers.link_title')}
          lead={t('receivers.link_lead', { at: formatInstant(link.valid_until) })}
          items={[
            { label: t('receivers.link_address'), value: link.url },
            { label: t('receivers.link_secret'), value: link.secret },
          ]}
          close={() => setLink(null)}
        />
      )}
      {recording && <RecordAnswer referral={referral} close={() => setRecording(false)} />}
    </Card>
  );
}
