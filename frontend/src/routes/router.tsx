// Every address of the application. Pages are chunks of their own.
import { createRoute, createRouter } from '@tanstack/react-router';
import { listSearch, parseSearch, stringifySearch } from '~/ui/list/search-params';
import { ProblemState } from '~/ui/states';
import { Home } from './Home';
import { page, record, withWords } from './later';
import { root } from './root';
import { supply } from './supply';

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

const duplicates = createRoute({
  getParentRoute: () => root,
  path: '/duplicates',
  validateSearch: listSearch('status', 'kind', 'min_score', 'region'),
  component: page(
    async () =>
      (await withWords('duplicates', import('~/features/duplicates/DuplicateQueue'))).default,
  ),
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
const templates = createRoute({
  getParentRoute: () => root,
  path: '/letter-templates',
  validateSearch: listSearch('service_code'),
  component: page(
    async () => (await withWords('templates', import('~/features/templates/TemplateList'))).default,
  ),
});
const template = createRoute({
  getParentRoute: () => root,
  path: '/letter-templates/$id',
  component: record(
    async () =>
      (await withWords('templates', import('~/features/templates/TemplatePage'))).TemplatePage,
  ),
});
const importProfiles = createRoute({
  getParentRoute: () => root,
  path: '/import-profiles',
  validateSearch: listSearch('status'),
  component: page(
    async () => (await withWords('profiles', import('~/features/profiles/ProfileList'))).default,
  ),
});
const newImportProfile = createRoute({
  getParentRoute: () => root,
  path: '/import-profiles/new',
  component: page(
    async () => (await withWords('profiles', import('~/features/profiles/NewProfile'))).default,
  ),
});
const importProfile = createRoute({
  getParentRoute: () => root,
  path: '/import-profiles/$id',
  component: record(
    async () =>
      (await withWords('profiles', import('~/features/profiles/ProfilePage'))).ProfilePage,
  ),
});
const sourceTrust = createRoute({
  getParentRoute: () => root,
  path: '/source-trust',
  component: page(
    async () => (await withWords('profiles', import('~/features/profiles/SourceTrust'))).default,
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

const routeTree = root.addChildren([
  home,
  account,
  households,
  household,
  duplicates,
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
  templates,
  importProfiles,
  newImportProfile,
  importProfile,
  sourceTrust,
  template,
  instruments,
  instrument,
  corrections,
  decisions,
  decision,
  breakGlass,
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
  ...supply,
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
