import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useOrganizations } from '~/api/reference';
import type { ClientView, ClientWithSecret } from '~/api/types';
import { FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { CopyText } from '~/ui/CopyText';
import { formatInstant } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { EditClient } from './EditClient';
import { ClientSecret } from './NewClient';

type Step = 'rotate' | 'disable';

export function ClientPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const organizations = useOrganizations();
  const act = useAct();
  const [editing, setEditing] = useState(false);
  const [step, setStep] = useState<Step | null>(null);
  const [made, setMade] = useState<ClientWithSecret | null>(null);
  const query = useResource<ClientView>(['clients', id], `/clients/${id}`);
  const client = query.data?.data;
  if (!client || !query.data) return <RecordState query={query} back={t('places.clients')} />;
  const { etag } = query.data;
  const setStatus = (verb: 'disable' | 'enable') =>
    act.run(
      () => call(`/clients/${id}/${verb}`, { method: 'POST', etag }),
      t(`clients.${verb}_done`),
    );
  async function take() {
    const done =
      step === 'disable'
        ? await setStatus('disable')
        : await act.run(async () => {
            const path = `/clients/${id}/rotate-secret`;
            setMade((await call<ClientWithSecret>(path, { method: 'POST', etag })).data);
          });
    if (done) setStep(null);
  }
  return (
    <Page
      back={t('places.clients')}
      title={client.name}
      lead={client.organization_id ? organizations.name(client.organization_id) : t('clients.city')}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconPencil size={18} aria-hidden="true" />}
            onClick={() => setEditing(true)}
          >
            {t('ui.edit')}
          </Button>
          {client.status === 'active' ? (
            <>
              <Button variant="default" onClick={() => setStep('rotate')}>
                {t('clients.rotate')}
              </Button>
              <Button variant="default" color="red" onClick={() => setStep('disable')}>
                {t('clients.disable')}
              </Button>
            </>
          ) : (
            <Button loading={act.busy} onClick={() => void setStatus('enable')}>
              {t('clients.enable')}
            </Button>
          )}
        </>
      }
    >
      {!step && <ProblemNotice error={act.error} />}
      <Card>
        <div className="row">
          <StatusBadge group="account_status" value={client.status} />
        </div>
        <Facts
          items={[
            [t('clients.client_id'), <CopyText key="client" text={client.client_id} />],
            [t('clients.secret'), t('clients.secret_hidden')],
            [t('ui.created'), formatInstant(client.created_at)],
            [t('ui.updated'), formatInstant(client.updated_at)],
            [
              t('ui.record_id'),
              <CopyText key="id" text={client.id} short={client.id.slice(-12)} />,
            ],
          ]}
        />
      </Card>
      <Card title={t('clients.scopes')}>
        {client.scopes.length === 0 ? (
          <p className="muted">{t('clients.no_scopes')}</p>
        ) : (
          <ul className="scopes">
            {client.scopes.map((scope) => (
              <li className="sp-mono" key={scope}>
                {scope}
              </li>
            ))}
          </ul>
        )}
      </Card>
      <FormDialog
        opened={step !== null}
        close={() => {
          act.clear();
          setStep(null);
        }}
        title={t(`clients.${step ?? 'rotate'}`)}
        submitText={t(`clients.${step ?? 'rotate'}`)}
        danger
        busy={act.busy}
        error={act.error}
        onSubmit={() => void take()}
      >
        <p>{t(`clients.${step ?? 'rotate'}_lead`)}</p>
      </FormDialog>
      {editing && <EditClient seen={query.data} close={() => setEditing(false)} />}
      {made && <ClientSecret client={made} close={() => setMade(null)} />}
    </Page>
  );
}
