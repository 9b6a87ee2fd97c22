import admin from './admin';
import common from './common';
import households from './households';
import needs from './needs';
import supply from './supply';

export default {
  ...common,
  ...households,
  ...needs,
  ...supply,
  ...admin,
} as const;
