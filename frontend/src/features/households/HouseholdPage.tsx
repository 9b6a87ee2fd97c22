// One household as a story: who lives there, how, what each source says, what is wrong, what was
// done. Problems and referrals come from their own slices through the two slots.
import { Button, Tabs } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import type { HouseholdDetail } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole, placesFor } from '~/app/roles';
import { CanButton } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { CopyText } from '~/ui/CopyText';
import { formatInstant } from '~/ui/format';
import { Facts, RecordBar, RecordState, useTitle } from '~/ui/page';
import { Notice } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { AccessLog } from './AccessLog';
import { EditHousehold } from './EditHousehold';
import { HouseholdVerbs } from './HouseholdVerbs';
import { Housing } from './Housing';
import { Members } from './Members';
import { Timeline } from './Timeline';
import { Welfare } from './Welfare';
import './household.css';

const tabs = [
  'members',
  'housing',
  'welfare',
  'problems',
  'matches',
  'cases',
  'assessments',
  'referrals',
  'corrections',
  'decisions',
  'timeline',
  'access',
] as const;
type Tab = (typeof tabs)[number];

interface Props {
  id: string;
  problems: (household: HouseholdDetail) => ReactNode;
  matches: (household: HouseholdDetail) => ReactNode;
  cases: (household: HouseholdDetail) => ReactNode;
  assessments: (household: HouseholdDetail) => ReactNode;
  referrals: (household: HouseholdDetail) => ReactNode;
  corrections: (household: HouseholdDetail) => ReactNode;
  decisions: (household: HouseholdDetail) => ReactNode;
}

export function HouseholdPage(props: Props) {
  const { id, problems, matches, cases, assessments, referrals, corrections, decisions } = props;
  const { t } = useTranslation();
  const query = useResource<HouseholdDetail>(['households', id], `/households/${id}`);
  const search = useSearch({ strict: false }) as { tab?: string };
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const account = useAccount();
  const seesAccess = hasRole(account, 'coordinator', 'auditor', 'citizen');
  const seesAssessments = placesFor(account).includes('assessments');
  const corrects = hasRole(account, 'coordinator', 'social_worker', 'village_operator', 'citizen');
  const seesCases = hasRole(account, 'coordinator', 'social_worker', 'auditor');
  const seesMatches = hasRole(
    account,
    'coordinator',
    'social_worker',
    'village_operator',
    'auditor',
  );
  const household = query.data?.data;
  useTitle(household?.head_name ?? t('households.title'));

  if (!household || !query.data) {
    return <RecordState query={query} back={t('places.households')} />;
  }
  const shown = tabs.filter(
    (name) =>
      (name !== 'access' || seesAccess) &&
      (name !== 'matches' || (seesMatches && household.status === 'active')) &&
      (name !== 'cases' || seesCases) &&
      (name !== 'assessments' || seesAssessments) &&
      (name !== 'decisions' || placesFor(account).includes('decisions')) &&
      (name !== 'corrections' || corrects),
  );
  const tab: Tab = shown.find((name) => name === search.tab) ?? 'members';
  return (
    <div className="page">
      <RecordBar back={t('places.households')} />
      <Head household={household} onEdit={() => setEditing(true)} />
      <Standing household={household} />
      <Tabs
        value={tab}
        onChange={(next) =>
          void navigate({
            to: '.',
            search: { tab: next ?? undefined } as never,
            replace: true,
            resetScroll: false,
          })
        }
        keepMounted={false}
      >
        <Tabs.List aria-label={t('households.title')}>
          {shown.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`household.tabs.${name}`)}
              {name === 'members' && <span className="tab-count">{household.members_count}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div className="tab-body">
          <Tabs.Panel value="members">
            <Members household={household} />
          </Tabs.Panel>
          <Tabs.Panel value="housing">
            <Housing household={household} />
          </Tabs.Panel>
          <Tabs.Panel value="welfare">
            <Welfare household={household} />
          </Tabs.Panel>
          <Tabs.Panel value="problems">{problems(household)}</Tabs.Panel>
          <Tabs.Panel value="matches">{matches(household)}</Tabs.Panel>
          <Tabs.Panel value="cases">{cases(household)}</Tabs.Panel>
          <Tabs.Panel value="assessments">{assessments(household)}</Tabs.Panel>
          <Tabs.Panel value="referrals">{referrals(household)}</Tabs.Panel>
          <Tabs.Panel value="corrections">{corrections(household)}</Tabs.Panel>
          <Tabs.Panel value="decisions">{decisions(household)}</Tabs.Panel>
          <Tabs.Panel value="timeline">
            <Timeline id={household.id} />
          </Tabs.Panel>
          <Tabs.Panel value="access">
            <AccessLog id={household.id} />
          </Tabs.Panel>
        </div>
      </Tabs>
      {editing && <EditHousehold seen={query.data} close={() => setEditing(false)} />}
    </div>
  );
}

function Head({ household, onEdit }: { household: HouseholdDetail; onEdit: () => void }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const address = household.addresses;
  const place = [
    address.street,
    address.rt && `RT ${address.rt}`,
    address.rw && `RW ${address.rw}`,
    regions.full(household.region_code),
  ].filter(Boolean);
  return (
    <header className="card card-pad household-head">
      <div className="spread">
        <div>
          <div className="row">
            <h1>{household.head_name || t('households.no_head')}</h1>
            <StatusBadge group="household_status" value={household.status} />
            {household.decile && (
              <span className="decile">{t('households.decile_n', { n: household.decile })}</span>
            )}
          </div>
          <p className="muted">{place.join(' · ')}</p>
          {household.withheld.length > 0 && (
            <p className="muted small">{t('household.withheld')}</p>
          )}
        </div>
        <div className="row no-print">
          <CanButton
            can={household.can}
            action="update"
            leftSection={<IconPencil size={18} aria-hidden="true" />}
            onClick={onEdit}
          >
            {t('ui.edit')}
          </CanButton>
          <HouseholdVerbs household={household} />
        </div>
      </div>
      <Facts
        items={[
          [
            t('household.family_card'),
            household.family_card_masked && (
              <span className="masked">{household.family_card_masked}</span>
            ),
          ],
          [t('households.members'), <MemberCount key="m" household={household} />],
          [t('ui.updated'), formatInstant(household.updated_at)],
          [
            t('ui.record_id'),
            <CopyText key="id" text={household.id} short={household.id.slice(-12)} />,
          ],
        ]}
      />
    </header>
  );
}

function MemberCount({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  return (
    <>
      {household.members_count} ·{' '}
      <span className={household.members_complete ? 'good-text' : 'warn-text'}>
        {t(household.members_complete ? 'households.complete' : 'households.incomplete')}
      </span>
    </>
  );
}

function Standing({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  if (household.merged_into) {
    return (
      <Notice tone="warn" title={t('household.merged_into')}>
        <Button component={Link} to={`/households/${household.merged_into}`} variant="default">
          {t('household.open_merged')}
        </Button>
      </Notice>
    );
  }
  if (household.status === 'dissolved' || household.status === 'moved') {
    return <Notice tone="warn" title={t('household.dissolved')} />;
  }
  if (!household.members_complete && household.declared_members) {
    return (
      <Notice tone="warn" title={t('households.incomplete')}>
        <p>
          {t('households.incomplete_why', {
            declared: household.declared_members,
            present: household.members_count,
          })}
        </p>
      </Notice>
    );
  }
  return null;
}
