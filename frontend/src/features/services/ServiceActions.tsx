// The one next step of a request, and the ways out. What the server allows stands in `can`.
import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { DocumentTicks } from './service-bits';
import type { ServiceRequest } from './types';

const steps = ['handle', 'resubmit', 'approve', 'issue', 'return', 'cancel'] as const;
type Verb = (typeof steps)[number];
const ways: readonly Verb[] = ['return', 'cancel'];

export function ServiceActions({ request }: { request: ServiceRequest }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<Verb | null>(null);
  return (
    <>
      {steps
        .filter((step) => allowed(request.can, step))
        .map((step) => (
          <Button
            key={step}
            variant={ways.includes(step) ? 'default' : 'filled'}
            onClick={() => setVerb(step)}
          >
            {t(`services.verbs.${step}`)}
          </Button>
        ))}
      {verb && <Step request={request} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}

function Step({
  request,
  verb,
  close,
}: {
  request: ServiceRequest;
  verb: Verb;
  close: () => void;
}) {
  const { t } = useTranslation();
  const act = useAct();
  const [shown, setShown] = useState(request.documents);
  const lacking = request.required_documents.filter((code) => !request.documents.includes(code));
  const [missing, setMissing] = useState(lacking);
  const [reason, setReason] = useState('');
  const ticks = verb === 'handle' || verb === 'resubmit';
  const words = reason.trim();
  const body =
    verb === 'return'
      ? { missing_documents: missing, ...(words ? { reason: words } : {}) }
      : verb === 'cancel'
        ? { reason: words }
        : ticks
          ? { documents: shown }
          : undefined;
  const incomplete =
    (verb === 'handle' && request.required_documents.some((code) => !shown.includes(code))) ||
    (verb === 'return' && missing.length === 0) ||
    (verb === 'cancel' && !words);

  function submit() {
    void act.run(
      async (key) => {
        const current = await call<ServiceRequest>(`/service-requests/${request.id}`);
        await call(`/service-requests/${request.id}/${verb}`, {
          method: 'POST',
          body,
          key,
          etag: current.etag,
        });
        close();
      },
      t(`services.done.${verb}`),
    );
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t(`services.verbs.${verb}`)}
      submitText={t(`services.verbs.${verb}`)}
      busy={act.busy}
      error={act.error}
      danger={verb === 'cancel'}
      disabled={incomplete}
      onSubmit={submit}
    >
      <p>{t(`services.explain.${verb}`)}</p>
      {ticks && (
        <DocumentTicks
          legend={t('services.shown')}
          codes={request.required_documents}
          shown={shown}
          onChange={setShown}
        />
      )}
      {verb === 'return' && (
        <DocumentTicks
          legend={t('services.missing')}
          codes={request.required_documents}
          shown={missing}
          onChange={setMissing}
        />
      )}
      {ways.includes(verb) && (
        <Textarea
          label={verb === 'cancel' ? t('ui.reason') : `${t('ui.reason')} (${t('ui.optional')})`}
          required={verb === 'cancel'}
          value={reason}
          maxLength={1000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
