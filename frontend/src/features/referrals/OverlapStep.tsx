// What was found before sending, and the decision about it: send all the same, or not at all.
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '~/api/http';
import { type Draft, sendDraft, withdraw } from '~/api/sending';
import { useAccount } from '~/app/account';
import { hasDuty } from '~/app/roles';
import { FormDialog, useAct } from '~/ui/act';
import { OverlapNotices } from './Overlaps';

export function OverlapStep({ draft, close }: { draft: Draft; close: () => void }) {
  const { t } = useTranslation();
  const exempts = hasDuty(useAccount(), 'override');
  const [reason, setReason] = useState('');
  const act = useAct();
  const held = draft.found.held.length > 0;
  return (
    <FormDialog
      opened
      close={() => {
        close();
        void act.run(() => withdraw(draft, newKey()));
      }}
      size="lg"
      title={t('overlaps.step')}
      cancelText={t('overlaps.stop')}
      submitText={t('overlaps.anyway')}
      busy={act.busy}
      error={act.error}
      disabled={held && (!exempts || !reason.trim())}
      onSubmit={() =>
        void act
          .run(
            (key) => sendDraft(draft, held ? { override_reason: reason.trim() } : {}, key),
            t('referrals.send_done'),
          )
          .then((sent) => sent && close())
      }
    >
      <p>{t('overlaps.step_lead')}</p>
      <OverlapNotices found={draft.found} />
      {held && !exempts && <p className="strong">{t('overlaps.no_duty')}</p>}
      {held && exempts && (
        <Textarea
          label={t('overlaps.exception')}
          description={t('overlaps.exception_why')}
          required
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
