import 'i18next';
import type work from './id';
import type allocation from './id/allocation';
import type answer from './id/answer';
import type assessments from './id/assessments';
import type base from './id/base';
import type board from './id/board';
import type cases from './id/cases';
import type changes from './id/changes';
import type check from './id/check';
import type decisions from './id/decisions';
import type duplicates from './id/duplicates';
import type entry from './id/entry';
import type map from './id/map';
import type matching from './id/matching';
import type money from './id/money';
import type office from './id/office';
import type overlaps from './id/overlaps';
import type profiles from './id/profiles';
import type quality from './id/quality';
import type receivers from './id/receivers';
import type retention from './id/retention';
import type services from './id/services';
import type templates from './id/templates';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: {
      translation: typeof base &
        typeof work &
        typeof check &
        typeof answer &
        typeof receivers &
        typeof board &
        typeof cases &
        typeof decisions &
        typeof services &
        typeof allocation &
        typeof duplicates &
        typeof changes &
        typeof profiles &
        typeof quality &
        typeof assessments &
        typeof entry &
        typeof map &
        typeof matching &
        typeof money &
        typeof office &
        typeof overlaps &
        typeof retention &
        typeof templates;
    };
  }
}
