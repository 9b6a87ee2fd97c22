import { Button } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { AccountView, CreatedAccount } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { CopyText } from '~/ui/CopyText';
import { formatDate } from '~/ui/format';
import { OneTimeSecret } from '~/ui/OneTimeSecret';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { Empty, ProblemNotice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { AddGrant } from './AddGrant';
import { EditAccount } from './EditAccount';
import { GrantLine } from './GrantLine';

export function AccountPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useAccount();
  const [disabling, setDisabling] = useState(false);
  const [granting, setGranting] = useState(false);
  const [editing, setEditing] = useState(false);
  const [resetting, setResetting] = useState(false);
  const [password, setPassword] = useState<string | null>(null);
  const act = useAct();
  const query = useResource<AccountView>(['accounts', id], `/accounts/${id}`);
  const account = query.data?.data;
  if (!account) {
    return <RecordState query={query} back={t('places.accounts')} />;
  }
  const reset = () =>
    act.run(async () => {
      const { data } = await call<CreatedAccount>(`/accounts/${id}/reset-password`, {
        method: 'POST',
        etag: query.data?.etag,
      });
      setResetting(false);
      setPassword(data.initial_password ?? null);
    });
  const setStatus = (verb: 'disable' | 'enable') =>
    act.run(
      () => call(`/accounts/${id}/${verb}`, { method: 'POST', etag: query.data?.etag }),
      t(`accounts.${verb}_done`),
    );
  return (
    <Page
      back={t('places.accounts')}
      title={account.display_name}
      lead={account.username}
      actions={
        <>
          {allowed(account.can, 'update') && (
            <Button
              variant="default"
              leftSection={<IconPencil size={18} aria-hidden="true" />}
              onClick={() => setEditing(true)}
            >
              {t('ui.edit')}
            </Button>
          )}
          {allowed(account.can, 'reset-password') && (
            <Button variant="default" onClick={() => setResetting(true)}>
              {t('accounts.reset')}
            </Button>
          )}
          {allowed(account.can, 'disable') && (
            <Button variant="default" color="red" onClick={() => setDisabling(true)}>
              {t('accounts.disable')}
            </Button>
          )}
          {allowed(account.can, 'enable') && (
            <Button loading={act.busy} onClick={() => void setStatus('enable')}>
              {t('accounts.enable')}
            </Button>
          )}
        </>
      }
    >
      <ProblemNotice error={act.error} />
      <Card>
        <div className="row">
          <StatusBadge group="account_status" value={account.status} />
        </div>
        <Facts
          items={[
            [t('accounts.email'), account.email],
            [t('accounts.totp'), t(account.totp_enabled ? 'ui.yes' : 'ui.no')],
            account.str_number ? [t('accounts.str'), account.str_number] : null,
            account.str_valid_until
              ? [t('accounts.str_until'), formatDate(account.str_valid_until)]
              : null,
            [
              t('ui.record_id'),
              <CopyText key="id" text={account.id} short={account.id.slice(-12)} />,
            ],
          ]}
        />
      </Card>
      <Card
        title={t('accounts.grants')}
        actions={
          hasRole(me, 'admin') && (
            <Button
              variant="default"
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              onClick={() => setGranting(true)}
            >
              {t('accounts.add_grant')}
            </Button>
          )
        }
      >
        {(account.grants ?? []).length === 0 ? (
          <Empty title={t('accounts.no_grants')} />
        ) : (
          account.grants.map((grant) => (
            <GrantLine key={grant.id} account={account} grant={grant} />
          ))
        )}
      </Card>
      <FormDialog
        opened={disabling}
        close={() => setDisabling(false)}
        title={t('accounts.disable')}
        submitText={t('accounts.disable')}
        danger
        busy={act.busy}
        error={act.error}
        onSubmit={() => void setStatus('disable').then((ok) => ok && setDisabling(false))}
      >
        <p>{t('accounts.disable_lead')}</p>
      </FormDialog>
      <FormDialog
        opened={resetting}
        close={() => setResetting(false)}
        title={t('accounts.reset')}
        submitText={t('accounts.reset')}
        danger
        busy={act.busy}
        error={act.error}
        onSubmit={() => void reset()}
      >
        <p>{t('accounts.reset_lead')}</p>
      </FormDialog>
      {password && (
        <OneTimeSecret
          title={t('accounts.password_made')}
          lead={t('accounts.password_lead')}
          items={[
            { label: t('accounts.username'), value: account.username },
            { label: t('accounts.password'), value: password },
          ]}
          close={() => setPassword(null)}
        />
      )}
      {editing && query.data && <EditAccount seen={query.data} close={() => setEditing(false)} />}
      {granting && <AddGrant account={account} close={() => setGranting(false)} />}
    </Page>
  );
}
