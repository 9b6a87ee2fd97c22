import admin from './admin';
import cases from './cases';
import common from './common';
import households from './households';
import needs from './needs';
import supply from './supply';

export default {
  ...common,
  ...households,
  ...needs,
  ...cases,
  ...supply,
  ...admin,
} as const;
