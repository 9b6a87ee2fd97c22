// The letter of a request: its text, its file, and the way to revoke it.
import { Button, Textarea } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, download } from '~/api/http';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatDate, formatInstant } from '~/ui/format';
import { Card, Facts } from '~/ui/page';
import { Loading, ProblemNotice, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import type { Letter } from './types';

export function LetterCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useResource<Letter>(['letters', id], `/letters/${id}`);
  const [revoking, setRevoking] = useState(false);
  const act = useAct();
  const letter = query.data?.data;
  if (!letter) {
    return (
      <div className="card">
        {query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={6} />
        )}
      </div>
    );
  }
  return (
    <Card
      title={t('services.letter')}
      actions={
        <>
          <Button
            leftSection={<IconDownload size={18} aria-hidden="true" />}
            loading={act.busy}
            onClick={() => void act.run(() => download(`/letters/${id}/file`, {}, 'surat.pdf'))}
          >
            {t('services.download')}
          </Button>
          {allowed(letter.can, 'revoke') && (
            <Button variant="default" onClick={() => setRevoking(true)}>
              {t('services.revoke')}
            </Button>
          )}
        </>
      }
    >
      <ProblemNotice error={revoking ? null : act.error} />
      <Facts
        items={[
          [t('services.number'), letter.number],
          [
            t('ui.status'),
            <StatusBadge key="status" group="letter_status" value={letter.status} />,
          ],
          [t('services.issued_on'), formatDate(letter.issued_on)],
          [t('services.office'), letter.office],
          [t('services.signed'), `${letter.signatory_name}, ${letter.signatory_title}`],
          letter.revoked_at
            ? [
                t('services.revoked'),
                `${formatInstant(letter.revoked_at)}: ${letter.revoke_reason}`,
              ]
            : null,
        ]}
      />
      <article className="letter-text" aria-label={letter.title}>
        <h3>{letter.title}</h3>
        <p className="pre-wrap wrap-any">{letter.body}</p>
      </article>
      {revoking && <Revoke id={id} close={() => setRevoking(false)} />}
    </Card>
  );
}

function Revoke({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState('');
  function submit() {
    void act.run(async () => {
      const current = await call<Letter>(`/letters/${id}`);
      const body = { reason: reason.trim() };
      await call(`/letters/${id}/revoke`, { method: 'POST', body, etag: current.etag });
      close();
    }, t('services.revoke_done'));
  }
  return (
    <FormDialog
      opened
      close={close}
      title={t('services.revoke')}
      submitText={t('services.revoke')}
      busy={act.busy}
      error={act.error}
      danger
      disabled={!reason.trim()}
      onSubmit={submit}
    >
      <p>{t('services.revoke_lead')}</p>
      <Textarea
        label={t('ui.reason')}
        required
        value={reason}
        maxLength={1000}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
