// One screen, seen as different people see it: theme, language and width are changed on the page that is there, since
// loading it again shows nothing else and takes most of the time.
import { type Browser, expect, type Page, type Request } from '@playwright/test';
import axe from 'axe-core';
import { PASSWORD } from './helpers';

export interface Look {
  theme: 'light' | 'dark';
  language: 'id' | 'en';
  width: number;
}

/** A look and its opposite together show every theme, language and width; screens take one of the two pairs in turn. */
export const pairs: readonly [readonly [Look, Look], readonly [Look, Look]] = [
  [
    { theme: 'light', language: 'id', width: 1440 },
    { theme: 'dark', language: 'en', width: 360 },
  ],
  [
    { theme: 'dark', language: 'id', width: 1440 },
    { theme: 'light', language: 'en', width: 360 },
  ],
];

/** What a page still waits for. */
const waiting = new WeakMap<Page, Set<Request>>();

function watch(page: Page): void {
  const open = new Set<Request>();
  waiting.set(page, open);
  page.on('request', (request) => open.add(request));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
}

/** Nothing is on its way any more, and what came is drawn. */
export async function settled(page: Page): Promise<void> {
  const open = waiting.get(page);
  let calm = 0;
  while (calm < 2) {
    await page.evaluate(
      () =>
        new Promise((done) =>
          requestAnimationFrame(() => requestIdleCallback(done, { timeout: 500 })),
        ),
    );
    calm = (open?.size ?? 0) === 0 ? calm + 1 : 0;
  }
  await expect(page.locator('[data-loading]')).toHaveCount(0);
  // Colours that are on their way from one theme to the other belong to neither.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        (one) =>
          one.playState !== 'running' ||
          !one.effect ||
          one.effect.getComputedTiming().iterations === Infinity,
      ),
  );
}

/**
 * What axe finds wrong. It is put into a document once: every copy would keep the screens it has seen. What is right is not
 * listed, since writing that down takes longer than finding what is wrong.
 */
async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: here } = window as unknown as { axe: typeof axe };
    const found = await here.run(document, { resultTypes: ['violations'] });
    return found.violations.map(
      (item) => `${item.id}: ${item.nodes.map((node) => node.html).join(' | ')}`,
    );
  });
}

/** A page whose preferences a second tab of the same browser changes. */
export class Seen {
  private constructor(
    readonly page: Page,
    private readonly other: Page,
  ) {}

  static async open(browser: Browser): Promise<Seen> {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto('/config.json');
    const page = await context.newPage();
    watch(page);
    await page.goto('/');
    await expect(page.locator('input[name="username"]')).toBeVisible();
    return new Seen(page, other);
  }

  async signIn(user: string): Promise<void> {
    await this.page.locator('input[name="username"]').fill(user);
    await this.page.locator('input[name="password"]').fill(PASSWORD);
    await this.page.locator('button[type="submit"]').click();
    await expect(this.page.locator('#main h1')).toBeVisible();
  }

  /** Loads an address anew, with nothing left of what was there before. */
  async load(path: string): Promise<void> {
    await this.page.goto(path);
    await settled(this.page);
    await expect(this.page.locator('#main h1, #main h2').first()).toBeVisible();
  }

  /** To another address of the application, as a link inside it goes there. */
  async go(path: string): Promise<void> {
    await this.page.evaluate((to) => history.pushState({}, '', to), path);
    await settled(this.page);
    await expect(this.page.locator('#main h1, #main h2').first()).toBeVisible();
  }

  async wear(look: Look): Promise<void> {
    await this.page.setViewportSize({ width: look.width, height: 800 });
    await this.other.evaluate(({ theme, language }) => {
      localStorage.setItem('sp.theme', theme);
      localStorage.setItem('sp.language', language);
    }, look);
    const html = this.page.locator('html');
    // The words of the other language are fetched first.
    await expect(html).toHaveAttribute('lang', look.language, { timeout: 45_000 });
    await expect(html).toHaveAttribute('data-mantine-color-scheme', look.theme);
    await settled(this.page);
  }

  /** No violation and no sideways scrolling, in each of these looks. */
  async check(name: string, looks: readonly Look[]): Promise<void> {
    for (const look of looks) {
      await this.wear(look);
      const as = `${name} (${look.theme}, ${look.language}, ${look.width} px)`;
      const sideways = await this.page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      expect(sideways, `${as} scrolls sideways`).toBeLessThanOrEqual(0);
      const told = await violations(this.page);
      expect.soft(told, as).toEqual([]);
    }
  }
}
