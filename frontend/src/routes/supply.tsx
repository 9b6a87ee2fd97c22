// Addresses of programs, matching, money and files.
import { createRoute } from '@tanstack/react-router';
import { listSearch } from '~/ui/list/search-params';
import { page, record, withWords } from './later';
import { root } from './root';

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
  component: record(async () => (await import('~/features/imports/ImportPage')).ImportPage),
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
  sources,
  source,
  pledges,
  imports,
  newImport,
  importRun,
] as const;
