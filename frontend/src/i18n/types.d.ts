import 'i18next';
import type work from './id';
import type assessments from './id/assessments';
import type base from './id/base';
import type check from './id/check';
import type services from './id/services';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: {
      translation: typeof base & typeof work & typeof check & typeof services & typeof assessments;
    };
  }
}
