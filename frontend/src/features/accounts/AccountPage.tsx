import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import type { AccountView } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatDate } from '~/ui/format';
import { Card, Facts, Page } from '~/ui/page';
import { Empty, Loading, ProblemNotice, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { AddGrant } from './AddGrant';
import { GrantLine } from './GrantLine';

export function AccountPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const me = useAccount();
  const [disabling, setDisabling] = useState(false);
  const [granting, setGranting] = useState(false);
  const act = useAct();
  const query = useResource<AccountView>(['accounts', id], `/accounts/${id}`);
  const account = query.data?.data;
  if (!account) {
    return (
      <div className="card">
        {query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    );
  }
  const setStatus = (verb: 'disable' | 'enable') =>
    act.run(
      () => call(`/accounts/${id}/${verb}`, { method: 'POST', etag: query.data?.etag }),
      t(`accounts.${verb}_done`),
    );
  return (
    <Page
      title={account.display_name}
      lead={account.username}
      actions={
        <>
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
      {granting && <AddGrant account={account} close={() => setGranting(false)} />}
    </Page>
  );
}
