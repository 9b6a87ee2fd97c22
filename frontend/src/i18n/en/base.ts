import type id from '../id/base';
import type { SameKeys } from '../shape';

const base: SameKeys<typeof id> = {
  app: {
    name: 'Satu Pintu',
    tagline: 'One door to the city’s social welfare services',
    loading: 'Loading…',
    reload: 'Reload',
    failed_title: 'The application could not start',
    failed_detail:
      'Its settings or the service cannot be reached. Check your connection, then reload.',
    crashed_title: 'Something went wrong on this screen',
    crashed_detail: 'Data on the server is not affected. Reload to continue.',
  },
  sign_in: {
    title: 'Sign in',
    lead: 'Use your agency or foundation account.',
    again_title: 'Your session has ended',
    again_lead: 'Sign in again to continue. The work on this screen is kept.',
    username: 'User name',
    password: 'Password',
    show_password: 'Show password',
    totp: 'Verification code',
    totp_hint: 'Six digits from your authenticator app.',
    submit: 'Sign in',
    busy: 'Checking…',
    other_account: 'Sign in with another account',
    wrong: 'User name and password do not match.',
    wrong_totp: 'The verification code does not match. Try the one shown now.',
    throttled: 'Too many attempts. Try again in {{minutes}} minutes.',
    offline: 'The service cannot be reached. Check your connection.',
    unavailable: 'The service is busy or under maintenance. Try again shortly.',
    failed: 'Signing in did not work. Try again.',
    required: 'Please fill this in.',
    promise_1: 'One record for every family, from every agency’s files.',
    promise_2: 'Every need meets every program, with its reasons.',
    promise_3: 'A referral ends with an outcome, not with a letter.',
    privacy: 'Every opening of personal data is logged.',
  },
  prefs: {
    language: 'Language',
    indonesian: 'Bahasa Indonesia',
    english: 'English',
    theme: 'Appearance',
    light: 'Light',
    dark: 'Dark',
    auto: 'Follow system',
  },
};

export default base;
