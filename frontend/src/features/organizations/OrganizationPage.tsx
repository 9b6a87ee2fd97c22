import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useCodes } from '~/api/reference';
import type { Organization } from '~/api/types';
import { word } from '~/i18n';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { CopyText } from '~/ui/CopyText';
import { formatDate, formatNumber } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { EditPapers } from './EditPapers';

export function OrganizationPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const kinds = useCodes('organization_kinds');
  const act = useAct();
  const [suspending, setSuspending] = useState(false);
  const [reason, setReason] = useState('');
  const [editing, setEditing] = useState(false);
  const query = useResource<Organization>(['organizations', id], `/organizations/${id}`);
  const organization = query.data?.data;
  if (!organization) {
    return <RecordState query={query} back={t('places.organizations')} />;
  }
  const run = (verb: 'verify' | 'suspend') =>
    act.run(
      () =>
        call(`/organizations/${id}/${verb}`, {
          method: 'POST',
          body: verb === 'suspend' ? { reason: reason.trim() } : undefined,
          etag: query.data?.etag,
        }),
      t(`organizations.${verb}_done`),
    );
  return (
    <Page
      back={t('places.organizations')}
      title={organization.name}
      lead={kinds.name(organization.kind)}
      actions={
        <>
          {(['verify', 'suspend'] as const)
            .filter((verb) => allowed(organization.can, verb))
            .map((verb) => (
              <CanButton
                key={verb}
                can={organization.can}
                action={verb}
                variant={verb === 'verify' ? 'filled' : 'default'}
                loading={act.busy}
                onClick={() => (verb === 'suspend' ? setSuspending(true) : void run('verify'))}
              >
                {t(`organizations.${verb}`)}
              </CanButton>
            ))}
          {allowed(organization.can, 'update') && (
            <CanButton
              can={organization.can}
              action="update"
              variant="default"
              onClick={() => setEditing(true)}
            >
              {t('money.edit')}
            </CanButton>
          )}
        </>
      }
    >
      {!suspending && <ProblemNotice error={act.error} />}
      <Card>
        <div className="row">
          <StatusBadge group="organization_status" value={organization.status} />
          <span className={organization.papers_valid === false ? 'strong' : 'muted'}>
            {t('money.papers')}:{' '}
            {t(organization.papers_valid === false ? 'money.papers_bad' : 'money.papers_good')}
          </span>
          <span className="sp-mono muted">{organization.code}</span>
        </div>
        {organization.papers_valid === false && <p>{t('money.papers_lead')}</p>}
        <Facts
          items={[
            [t('organizations.registration'), organization.registration_number],
            [
              t('organizations.registration_until'),
              formatDate(organization.registration_expires_on),
            ],
            [t('organizations.agreement'), organization.agreement_number],
            [t('money.agreement_from'), formatDate(organization.agreement_from)],
            [t('organizations.agreement_until'), formatDate(organization.agreement_until)],
            [
              t('money.fields'),
              (organization.agreement_fields ?? []).map((f) => word('money.field', f)).join(', '),
            ],
            typeof organization.open_referrals === 'number'
              ? [t('money.open_referrals'), formatNumber(organization.open_referrals)]
              : null,
            [t('organizations.email'), organization.email],
            [t('organizations.phone'), organization.phone],
            [
              t('ui.record_id'),
              <CopyText key="id" text={organization.id} short={organization.id.slice(-12)} />,
            ],
          ]}
        />
      </Card>
      {editing && (
        <EditPapers
          organization={organization}
          etag={query.data?.etag}
          close={() => setEditing(false)}
        />
      )}
      <FormDialog
        opened={suspending}
        close={() => setSuspending(false)}
        title={t('organizations.suspend')}
        submitText={t('organizations.suspend')}
        danger
        busy={act.busy}
        error={act.error}
        disabled={!reason.trim()}
        onSubmit={() => void run('suspend').then((ok) => ok && setSuspending(false))}
      >
        <Textarea
          label={t('ui.reason')}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </FormDialog>
    </Page>
  );
}
