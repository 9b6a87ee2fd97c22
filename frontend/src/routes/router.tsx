// Every address of the application. Pages are chunks of their own.
import { Button } from '@mantine/core';
import { createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Shell } from '~/app/shell/Shell';
import { listSearch, parseSearch, stringifySearch } from '~/ui/list/search-params';
import { Page } from '~/ui/page';
import { ProblemState } from '~/ui/states';
import { Home } from './Home';
import { page, record, withWords } from './later';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: page(async () => (await import('~/features/accounts/OwnAccount')).default),
});

const households = createRoute({
  getParentRoute: () => root,
  path: '/households',
  validateSearch: listSearch('kecamatan', 'kelurahan', 'decile', 'age', 'status', 'source'),
  component: page(async () => (await import('~/features/households/HouseholdList')).default),
});
const household = createRoute({
  getParentRoute: () => root,
  path: '/households/$id',
  validateSearch: (raw: Record<string, unknown>): { tab?: string } =>
    typeof raw.tab === 'string' ? { tab: raw.tab } : {},
  component: record(async () => (await import('./HouseholdRoute')).default),
});

const problems = createRoute({
  getParentRoute: () => root,
  path: '/problems',
  validateSearch: listSearch('status', 'severity', 'need_code', 'overdue'),
  component: page(async () => (await import('~/features/problems/ProblemList')).default),
});
const problem = createRoute({
  getParentRoute: () => root,
  path: '/problems/$id',
  component: record(async () => (await import('./ProblemRoute')).default),
});

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  component: page(
    async () => (await withWords('cases', import('~/features/cases/TaskPage'))).default,
  ),
});
const visits = createRoute({
  getParentRoute: () => root,
  path: '/visits',
  validateSearch: (raw: Record<string, unknown>): { week?: string; all?: string } => ({
    ...(typeof raw.week === 'string' ? { week: raw.week } : {}),
    ...(raw.all === 'true' || raw.all === true ? { all: 'true' } : {}),
  }),
  component: page(
    async () => (await withWords('cases', import('~/features/cases/VisitCalendar'))).default,
  ),
});
const cases = createRoute({
  getParentRoute: () => root,
  path: '/cases',
  validateSearch: listSearch('stage', 'mine', 'unassigned', 'emergency'),
  component: page(
    async () => (await withWords('cases', import('~/features/cases/CaseList'))).default,
  ),
});
const caseRecord = createRoute({
  getParentRoute: () => root,
  path: '/cases/$id',
  component: record(
    async () => (await withWords('cases', import('~/features/cases/CasePage'))).CasePage,
  ),
});
const intake = createRoute({
  getParentRoute: () => root,
  path: '/intake',
  component: page(
    async () => (await withWords('services', import('~/features/services/Intake'))).default,
  ),
});
const services = createRoute({
  getParentRoute: () => root,
  path: '/service-requests',
  validateSearch: listSearch('status', 'service_code', 'overdue'),
  component: page(
    async () => (await withWords('services', import('~/features/services/ServiceList'))).default,
  ),
});
const service = createRoute({
  getParentRoute: () => root,
  path: '/service-requests/$id',
  component: record(
    async () =>
      (await withWords('services', import('~/features/services/ServicePage'))).ServicePage,
  ),
});

const referrals = createRoute({
  getParentRoute: () => root,
  path: '/referrals',
  validateSearch: listSearch(
    'view',
    'status',
    'overdue',
    'mine',
    'program_id',
    'cycle_id',
    'to_organization_id',
  ),
  component: page(
    async () => (await withWords('board', import('~/features/referrals/ReferralList'))).default,
  ),
});
const deliveries = createRoute({
  getParentRoute: () => root,
  path: '/deliveries',
  validateSearch: listSearch('status', 'attention', 'program_id'),
  component: page(
    async () => (await withWords('board', import('~/features/referrals/DeliveryList'))).default,
  ),
});
const waitlist = createRoute({
  getParentRoute: () => root,
  path: '/waitlist',
  validateSearch: listSearch('status', 'program_id', 'cycle_id'),
  component: page(
    async () => (await withWords('board', import('~/features/referrals/Waitlist'))).default,
  ),
});
const disclosures = createRoute({
  getParentRoute: () => root,
  path: '/disclosures',
  validateSearch: listSearch('organization_id'),
  component: page(
    async () => (await withWords('board', import('~/features/referrals/DisclosureList'))).default,
  ),
});
const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  validateSearch: (raw: Record<string, unknown>): { box?: string } =>
    typeof raw.box === 'string' ? { box: raw.box } : {},
  component: page(
    async () => (await withWords('board', import('~/features/referrals/Inbox'))).default,
  ),
});
const referral = createRoute({
  getParentRoute: () => root,
  path: '/referrals/$id',
  component: record(
    async () =>
      (await withWords('board', import('~/features/referrals/ReferralPage'))).ReferralPage,
  ),
});

const assessments = createRoute({
  getParentRoute: () => root,
  path: '/assessments',
  validateSearch: listSearch('status', 'kind', 'mine'),
  component: page(
    async () =>
      (await withWords('assessments', import('~/features/assessments/AssessmentList'))).default,
  ),
});
const assessment = createRoute({
  getParentRoute: () => root,
  path: '/assessments/$id',
  component: record(
    async () =>
      (await withWords('assessments', import('~/features/assessments/AssessmentPage')))
        .AssessmentPage,
  ),
});
const instruments = createRoute({
  getParentRoute: () => root,
  path: '/instruments',
  validateSearch: listSearch('status'),
  component: page(
    async () =>
      (await withWords('assessments', import('~/features/instruments/InstrumentList'))).default,
  ),
});
const instrument = createRoute({
  getParentRoute: () => root,
  path: '/instruments/$id',
  component: record(
    async () =>
      (await withWords('assessments', import('~/features/instruments/InstrumentPage')))
        .InstrumentPage,
  ),
});
const corrections = createRoute({
  getParentRoute: () => root,
  path: '/corrections',
  validateSearch: listSearch('status'),
  component: page(async () => (await import('~/features/corrections/CorrectionList')).default),
});
const decisions = createRoute({
  getParentRoute: () => root,
  path: '/decisions',
  validateSearch: listSearch('status', 'effect'),
  component: page(
    async () => (await withWords('decisions', import('~/features/decisions/DecisionList'))).default,
  ),
});
const decision = createRoute({
  getParentRoute: () => root,
  path: '/decisions/$id',
  component: record(
    async () =>
      (await withWords('decisions', import('~/features/decisions/DecisionPage'))).DecisionPage,
  ),
});
const breakGlass = createRoute({
  getParentRoute: () => root,
  path: '/break-glass',
  validateSearch: listSearch(),
  component: page(async () => (await import('~/features/break-glass/BreakGlassList')).default),
});

const programs = createRoute({
  getParentRoute: () => root,
  path: '/programs',
  validateSearch: listSearch('need', 'pillar', 'status'),
  component: page(async () => (await import('~/features/programs/ProgramList')).default),
});
const newProgram = createRoute({
  getParentRoute: () => root,
  path: '/programs/new',
  component: page(async () => (await import('~/features/programs/ProgramForm')).default),
});
const editProgram = createRoute({
  getParentRoute: () => root,
  path: '/programs/$id/edit',
  component: record(async () => (await import('~/features/programs/EditProgram')).EditProgram),
});
const program = createRoute({
  getParentRoute: () => root,
  path: '/programs/$id',
  component: record(async () => (await import('./ProgramRoute')).default),
});
const programRule = createRoute({
  getParentRoute: () => root,
  path: '/programs/$id/rule',
  component: record(
    async () => (await withWords('matching', import('~/features/matching/RulePage'))).RulePage,
  ),
});
const programMatches = createRoute({
  getParentRoute: () => root,
  path: '/programs/$id/matches',
  validateSearch: listSearch('outcome', 'region'),
  component: record(
    async () =>
      (await withWords('matching', import('~/features/matching/ProgramMatches'))).ProgramMatches,
  ),
});
const matching = createRoute({
  getParentRoute: () => root,
  path: '/matching',
  validateSearch: (raw: Record<string, unknown>): { need?: string; program?: string } => ({
    ...(typeof raw.need === 'string' ? { need: raw.need } : {}),
    ...(typeof raw.program === 'string' ? { program: raw.program } : {}),
  }),
  component: page(
    async () => (await withWords('matching', import('~/features/matching/Workbench'))).default,
  ),
});
const missingFacts = createRoute({
  getParentRoute: () => root,
  path: '/missing-facts',
  validateSearch: listSearch('region'),
  component: page(
    async () => (await withWords('matching', import('~/features/matching/MissingFacts'))).default,
  ),
});

const sources = createRoute({
  getParentRoute: () => root,
  path: '/funding-sources',
  validateSearch: listSearch('kind', 'fiscal_year'),
  component: page(
    async () => (await withWords('money', import('~/features/funding/FundingList'))).default,
  ),
});
const source = createRoute({
  getParentRoute: () => root,
  path: '/funding-sources/$id',
  validateSearch: listSearch(),
  component: record(
    async () => (await withWords('money', import('~/features/funding/FundingPage'))).FundingPage,
  ),
});

const imports = createRoute({
  getParentRoute: () => root,
  path: '/imports',
  validateSearch: listSearch('status'),
  component: page(async () => (await import('~/features/imports/ImportList')).default),
});
const newImport = createRoute({
  getParentRoute: () => root,
  path: '/imports/new',
  component: page(async () => (await import('~/features/imports/NewImport')).default),
});
const importRun = createRoute({
  getParentRoute: () => root,
  path: '/imports/$id',
  validateSearch: listSearch('code', 'verdict'),
  component: record(async () => (await import('~/features/imports/ImportPage')).ImportPage),
});

const organizations = createRoute({
  getParentRoute: () => root,
  path: '/organizations',
  validateSearch: listSearch('kind', 'status', 'attention'),
  component: page(
    async () =>
      (await withWords('money', import('~/features/organizations/OrganizationList'))).default,
  ),
});
const organization = createRoute({
  getParentRoute: () => root,
  path: '/organizations/$id',
  component: record(
    async () =>
      (await withWords('money', import('~/features/organizations/OrganizationPage')))
        .OrganizationPage,
  ),
});

const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  validateSearch: listSearch('status'),
  component: page(async () => (await import('~/features/accounts/AccountList')).default),
});
const otherAccount = createRoute({
  getParentRoute: () => root,
  path: '/accounts/$id',
  component: record(async () => (await import('~/features/accounts/AccountPage')).AccountPage),
});

const clients = createRoute({
  getParentRoute: () => root,
  path: '/clients',
  validateSearch: listSearch(),
  component: page(async () => (await import('~/features/accounts/ClientList')).default),
});
const client = createRoute({
  getParentRoute: () => root,
  path: '/clients/$id',
  component: record(async () => (await import('~/features/accounts/ClientPage')).ClientPage),
});

const codeLists = createRoute({
  getParentRoute: () => root,
  path: '/code-lists',
  component: page(async () => (await import('~/features/codes/CodeLists')).default),
});
const codeList = createRoute({
  getParentRoute: () => root,
  path: '/code-lists/$id',
  component: record(async () => {
    const { CodeListPage } = await import('~/features/codes/CodeListPage');
    return ({ id }) => <CodeListPage slug={id} />;
  }),
});

const calendars = createRoute({
  getParentRoute: () => root,
  path: '/calendars',
  validateSearch: listSearch('need_code', 'current'),
  component: page(
    async () => (await withWords('office', import('~/features/calendars/Calendars'))).default,
  ),
});
const calendar = createRoute({
  getParentRoute: () => root,
  path: '/calendars/$id',
  component: record(
    async () =>
      (await withWords('office', import('~/features/calendars/CalendarPage'))).CalendarPage,
  ),
});
const retention = createRoute({
  getParentRoute: () => root,
  path: '/retention',
  validateSearch: listSearch('in_force'),
  component: page(
    async () => (await withWords('retention', import('~/features/retention/Retention'))).default,
  ),
});
const overlaps = createRoute({
  getParentRoute: () => root,
  path: '/overlap-overrides',
  validateSearch: listSearch('reviewed'),
  component: page(
    async () => (await withWords('overlaps', import('~/features/referrals/OverrideList'))).default,
  ),
});

function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.not_found')} lead={t('shell.not_found_why')}>
      <div>
        <Button component={Link} to="/">
          {t('shell.to_home')}
        </Button>
      </div>
    </Page>
  );
}

const routeTree = root.addChildren([
  home,
  account,
  households,
  household,
  problems,
  problem,
  tasks,
  visits,
  cases,
  caseRecord,
  intake,
  services,
  service,
  referrals,
  referral,
  inbox,
  deliveries,
  waitlist,
  disclosures,
  assessments,
  assessment,
  instruments,
  instrument,
  corrections,
  decisions,
  decision,
  breakGlass,
  programs,
  newProgram,
  editProgram,
  program,
  programRule,
  programMatches,
  matching,
  missingFacts,
  sources,
  source,
  imports,
  newImport,
  importRun,
  organizations,
  organization,
  accounts,
  otherAccount,
  clients,
  client,
  codeLists,
  codeList,
  calendars,
  calendar,
  retention,
  overlaps,
]);

export function makeRouter() {
  return createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    defaultErrorComponent: ({ error, reset }) => <ProblemState error={error} retry={reset} />,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
