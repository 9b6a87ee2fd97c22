// One version of a text: read it, see an example, put it into force, or go on from it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatInstant, formatNumber } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { Notice, ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { useExample } from './example';
import { TemplateEditor } from './TemplateEditor';
import type { LetterTemplate } from './types';
import './templates.css';

export function TemplatePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const account = useAccount();
  const services = useCodes('services');
  const query = useResource<LetterTemplate>(['letter-templates', id], `/letter-templates/${id}`);
  const [doing, setDoing] = useState<'edit' | 'activate' | null>(null);
  const example = useExample();
  const template = query.data?.data;
  if (!template) return <RecordState query={query} back={t('places.templates')} />;
  const writes = hasRole(account, 'admin', 'coordinator');
  const title = t('templates.of', {
    service: services.name(template.service_code),
    edition: formatNumber(template.edition),
  });
  if (doing === 'edit') {
    return (
      <Page
        title={t('templates.next_of', { service: services.name(template.service_code) })}
        lead={t('templates.write_lead')}
      >
        <TemplateEditor from={template} close={() => setDoing(null)} />
      </Page>
    );
  }
  return (
    <Page
      back={t('places.templates')}
      title={title}
      actions={
        writes && (
          <>
            <Button
              variant="default"
              loading={example.busy}
              onClick={() => void example.make(template)}
            >
              {t('templates.preview')}
            </Button>
            <Button variant="default" onClick={() => setDoing('edit')}>
              {t('templates.go_on')}
            </Button>
            {allowed(template.can, 'activate') && (
              <Button onClick={() => setDoing('activate')}>{t('templates.activate')}</Button>
            )}
          </>
        )
      }
    >
      <ProblemNotice error={example.error} />
      {template.status === 'draft' && template.created_by === account.id && (
        <Notice>{t('templates.own')}</Notice>
      )}
      <Card>
        <div className="row">
          <StatusBadge group="template_status" value={template.status} />
        </div>
        <Facts
          items={[
            [
              t('templates.author'),
              `${template.created_by_name ?? t('templates.shipped')} · ${formatInstant(template.created_at)}`,
            ],
            template.activated_at
              ? [
                  t('templates.activated'),
                  [formatInstant(template.activated_at), template.activated_by_name]
                    .filter(Boolean)
                    .join(' · '),
                ]
              : null,
          ]}
        />
      </Card>
      <Card title={template.title}>
        <p className="template-text pre-wrap wrap-any">{template.body}</p>
      </Card>
      {doing === 'activate' && query.data && (
        <Activate id={id} etag={query.data.etag} close={() => setDoing(null)} />
      )}
    </Page>
  );
}

function Activate(props: { id: string; etag: string | undefined; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const { id, etag, close } = props;
  return (
    <FormDialog
      opened
      close={close}
      title={t('templates.activate')}
      submitText={t('templates.activate')}
      busy={act.busy}
      error={act.error}
      onSubmit={() =>
        void act
          .run(
            () => call(`/letter-templates/${id}/activate`, { method: 'POST', etag }),
            t('templates.activated_done'),
          )
          .then((ok) => ok && close())
      }
    >
      <p>{t('templates.activate_lead')}</p>
    </FormDialog>
  );
}
