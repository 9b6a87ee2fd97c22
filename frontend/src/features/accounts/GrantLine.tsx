import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useOrganizations, useRegions } from '~/api/reference';
import type { AccountView, Grant } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { formatDate } from '~/ui/format';
import { ProblemNotice } from '~/ui/states';

export function GrantLine({ account, grant }: { account?: AccountView; grant: Grant }) {
  const { t } = useTranslation();
  const me = useAccount();
  const regions = useRegions();
  const organizations = useOrganizations();
  const act = useAct();
  const scope =
    grant.scope_kind === 'organization'
      ? organizations.name(grant.scope_ref)
      : grant.scope_kind === 'kecamatan' || grant.scope_kind === 'kelurahan'
        ? regions.full(grant.scope_ref)
        : word('scope_kind', grant.scope_kind);
  const run = (verb: 'approve' | 'revoke') =>
    void act.run(
      () => call(`/grants/${grant.id}/${verb}`, { method: 'POST' }),
      t(`accounts.${verb}_done`),
    );
  return (
    <div className="cycle">
      <div className="spread">
        <span className="strong">
          {word('role', grant.role)} · {scope}
        </span>
        <StatusBadge group="grant_status" value={grant.status} />
      </div>
      <p className="muted small">
        {formatDate(grant.from_date)} –{' '}
        {grant.to_date ? formatDate(grant.to_date) : t('accounts.open_end')}
        {grant.duties.length > 0 &&
          ` · ${grant.duties.map((duty) => word('duty', duty)).join(', ')}`}
      </p>
      <ProblemNotice error={act.error} />
      {account && (
        <div className="row">
          {grant.status === 'proposed' && hasRole(me, 'coordinator') && (
            <Button size="sm" loading={act.busy} onClick={() => run('approve')}>
              {t('accounts.approve')}
            </Button>
          )}
          {grant.status !== 'revoked' && hasRole(me, 'admin') && (
            <Button
              size="sm"
              variant="default"
              color="red"
              loading={act.busy}
              onClick={() => run('revoke')}
            >
              {t('accounts.revoke')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
