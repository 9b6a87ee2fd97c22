import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// A city of its own for each worker, since journeys change it: addresses side by side, the worker's number chooses.
const cities = (process.env.E2E_WEB_URL ?? process.env.WEB_URL ?? 'http://127.0.0.1:5173').split(
  ' ',
);
const city = cities[Number(process.env.TEST_PARALLEL_INDEX ?? 0) % cities.length];

// The browser of the machine: nothing is downloaded.
const browser = process.env.CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // In one city the journeys run one after the other.
  workers: cities.length,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // On a shared machine a busy minute must not decide; what needed a second try is named as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: {
    baseURL: city,
    viewport: { width: 1280, height: 860 },
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    reducedMotion: 'reduce',
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    // Drawing everything up costs a quarter of the time; where a failed journey is tried again, only then.
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: {
      ...(existsSync(browser) ? { executablePath: browser } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
