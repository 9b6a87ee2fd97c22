// Holds the built files against the size budgets, gzip. What counts as one thing:
//   entry   all a browser loads to show the sign-in screen, words included
//   shell   what is added once somebody is signed in (kit, router, queries, navigation)
//   routes  each page's own chunks beyond the shell
//   css     all style sheets together
// size-limit measures; the lists of files come from Vite's manifest.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const dependency of manifest[key].imports ?? []) closure(dependency, seen);
  return seen;
}
const union = (...keys) => new Set(keys.flatMap((key) => [...closure(key)]));
const minus = (all, ...less) => [...all].filter((key) => !less.some((set) => set.has(key)));
const files = (keys) => [...keys].map((key) => resolve(`dist/${manifest[key].file}`));

const entryKey = Object.keys(manifest).find((key) => manifest[key].isEntry);
const entry = union(entryKey, 'src/i18n/id/base.ts');
const shell = union('src/routes/Application.tsx', 'src/i18n/id/index.ts');
const pages = Object.keys(manifest).filter(
  (key) => manifest[key].isDynamicEntry && /^src\/(features|routes)\//.test(key) && !shell.has(key),
);
const css = [...new Set(Object.values(manifest).flatMap((item) => item.css ?? []))];

const checks = [
  { name: 'entry', path: files(entry), limit: '115 kB', gzip: true },
  { name: 'shell', path: files(minus(shell, entry)), limit: '130 kB', gzip: true },
  ...pages.map((key) => ({
    name: `route ${key.replace(/^src\//, '')}`,
    path: files(minus(closure(key), entry, shell)),
    limit: '45 kB',
    gzip: true,
  })),
  { name: 'css', path: css.map((file) => resolve(`dist/${file}`)), limit: '40 kB', gzip: true },
];
writeFileSync('dist/.vite/size-limit.json', JSON.stringify(checks, null, 2));
const run = spawnSync(
  process.execPath,
  ['node_modules/size-limit/bin.js', '--config', 'dist/.vite/size-limit.json'],
  { stdio: 'inherit' },
);
process.exit(run.status ?? 1);
