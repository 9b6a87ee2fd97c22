// Floors: api and ui know no feature; a feature never imports another; routes put them together.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'gen' ? [] : files(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

const may: Record<string, string[]> = {
  api: ['api', 'app', 'i18n'],
  app: ['app', 'api', 'ui', 'i18n', 'routes'],
  ui: ['ui', 'api', 'i18n', 'app'],
  i18n: ['i18n', 'app'],
  features: ['api', 'app', 'ui', 'i18n'],
  routes: ['routes', 'features', 'api', 'app', 'ui', 'i18n'],
};

it('imports go downwards and never from feature to feature', () => {
  const wrong: string[] = [];
  for (const path of files('src')) {
    const [, floor, slice] = path.split('/');
    if (!floor || !may[floor]) continue;
    for (const [, target] of readFileSync(path, 'utf8').matchAll(/from '~\/([\w/-]+)/g)) {
      const [to, inner] = (target ?? '').split('/');
      const sameFeature = floor === 'features' && to === 'features' && inner === slice;
      if (!sameFeature && !may[floor].includes(to ?? '')) wrong.push(`${path} → ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

it('keeps files short', () => {
  const long = files('src').filter((path) => readFileSync(path, 'utf8').split('\n').length > 500);
  expect(long).toEqual([]);
});
