// Addresses of programs, matching, money and files.
import { createRoute } from '@tanstack/react-router';
import { listSearch } from '~/ui/list/search-params';
import { page, record, withWords } from './later';
import { root } from './root';

/** Allocation lies beside matching, whose page names it shows. */
const allocation = <T,>(page: Promise<T>) => withWords('matching', withWords('allocation', page));

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

const plans = createRoute({
  getParentRoute: () => root,
  path: '/allocation-plans',
  validateSearch: listSearch('status', 'policy'),
  component: page(
    async () => (await allocation(import('~/features/allocations/AllocationList'))).default,
  ),
});
const newPlan = createRoute({
  getParentRoute: () => root,
  path: '/allocation-plans/new',
  component: page(async () => (await allocation(import('~/features/allocations/NewPlan'))).default),
});
const comparePlans = createRoute({
  getParentRoute: () => root,
  path: '/allocation-plans/compare',
  validateSearch: (raw: Record<string, unknown>): { plan?: string; other?: string } => ({
    ...(typeof raw.plan === 'string' ? { plan: raw.plan } : {}),
    ...(typeof raw.other === 'string' ? { other: raw.other } : {}),
  }),
  component: page(
    async () => (await allocation(import('~/features/allocations/ComparePlans'))).default,
  ),
});
const plan = createRoute({
  getParentRoute: () => root,
  path: '/allocation-plans/$id',
  component: record(
    async () => (await allocation(import('~/features/allocations/PlanResult'))).PlanResult,
  ),
});
const planLines = createRoute({
  getParentRoute: () => root,
  path: '/allocation-plans/$id/lines',
  validateSearch: listSearch('region', 'tier', 'status', 'program_id'),
  component: record(
    async () => (await allocation(import('~/features/allocations/PlanLines'))).PlanLines,
  ),
});
const planLeftOut = createRoute({
  getParentRoute: () => root,
  path: '/allocation-plans/$id/left-out',
  validateSearch: listSearch('region', 'tier', 'reason', 'program_id'),
  component: record(
    async () => (await allocation(import('~/features/allocations/PlanLines'))).PlanLeftOut,
  ),
});
const planMoney = createRoute({
  getParentRoute: () => root,
  path: '/allocation-plans/$id/money',
  component: record(
    async () => (await allocation(import('~/features/allocations/PlanMoney'))).PlanMoney,
  ),
});
const planFairness = createRoute({
  getParentRoute: () => root,
  path: '/allocation-plans/$id/fairness',
  component: record(
    async () => (await allocation(import('~/features/allocations/PlanFairness'))).PlanFairness,
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

const pledges = createRoute({
  getParentRoute: () => root,
  path: '/pledges',
  component: page(
    async () => (await withWords('money', import('~/features/funding/Pledges'))).default,
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
  component: record(
    async () => (await withWords('changes', import('~/features/imports/ImportPage'))).ImportPage,
  ),
});

const importChanges = createRoute({
  getParentRoute: () => root,
  path: '/imports/$id/changes',
  validateSearch: listSearch('kind', 'subject_kind', 'region'),
  component: record(
    async () => (await withWords('changes', import('~/features/imports/Changes'))).ImportChanges,
  ),
});

const quality = createRoute({
  getParentRoute: () => root,
  path: '/quality',
  validateSearch: listSearch('by', 'region', 'source', 'field'),
  component: page(
    async () => (await withWords('quality', import('~/features/quality/QualityPage'))).default,
  ),
});
const qualityRecords = createRoute({
  getParentRoute: () => root,
  path: '/quality/records',
  validateSearch: listSearch('field', 'finding', 'region', 'source'),
  component: page(
    async () => (await withWords('quality', import('~/features/quality/QualityRecords'))).default,
  ),
});

export const supply = [
  programs,
  newProgram,
  editProgram,
  program,
  programRule,
  programMatches,
  matching,
  missingFacts,
  plans,
  newPlan,
  comparePlans,
  plan,
  planLines,
  planLeftOut,
  planMoney,
  planFairness,
  sources,
  source,
  pledges,
  imports,
  newImport,
  importRun,
  importChanges,
  quality,
  qualityRecords,
] as const;
