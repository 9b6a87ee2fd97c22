// Holds every dependency, of the service and of the front end, against the allow list of deny.toml, without any
// tool that would have to be installed first. Prints what is not allowed and fails.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const deny = readFileSync(`${root}deny.toml`, 'utf8');
const list = (name) => [...(deny.match(new RegExp(`^${name} = \\[([^\\]]*)\\]`, 'm'))?.[1] ?? '').matchAll(/"([^"]+)"/g)].map((m) => m[1]);
const allowed = new Set(list('allow'));
// Fonts have a licence of their own, and build tools of the front end ship nothing to a user.
const fonts = new Set(['OFL-1.1']);
const toolsOnly = new Set(['MPL-2.0', 'CC-BY-4.0', 'BlueOak-1.0.0', 'Python-2.0', 'CC0-1.0']);

// SPDX expressions as they occur: OR, AND, parentheses, the old "MIT/Apache-2.0", WITH as part of the name.
function permits(expression, ok) {
  const tokens = expression.replaceAll('/', ' OR ').match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const or = () => {
    let value = and();
    while (tokens[at] === 'OR') {
      at += 1;
      value = and() || value;
    }
    return value;
  };
  const and = () => {
    let value = atom();
    while (tokens[at] === 'AND') {
      at += 1;
      value = atom() && value;
    }
    return value;
  };
  const atom = () => {
    if (tokens[at] === '(') {
      at += 1;
      const value = or();
      at += 1;
      return value;
    }
    let name = tokens[at] ?? '';
    at += 1;
    if (tokens[at] === 'WITH') {
      name += ` WITH ${tokens[at + 1]}`;
      at += 2;
    }
    return ok(name);
  };
  return or();
}

const refused = [];
// Only what is built here: crates for other systems are not even downloaded.
const host = execFileSync('rustc', ['-vV'], { encoding: 'utf8' }).match(/^host: (.*)$/m)[1];
const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--locked', '--quiet', '--format-version', '1', '--filter-platform', host], {
    cwd: root,
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  }),
);
for (const { name, version, license, source } of metadata.packages) {
  if (source === null) continue;
  if (!permits(license ?? '', (id) => allowed.has(id))) refused.push(`crate ${name} ${version}: ${license}`);
  if (!source.startsWith('registry+')) refused.push(`crate ${name} ${version} comes from ${source.split('+')[0]}, not from a registry`);
}

const lock = JSON.parse(readFileSync(`${root}frontend/package-lock.json`, 'utf8'));
for (const [path, { version, license, dev, resolved }] of Object.entries(lock.packages)) {
  if (path === '') continue;
  const ok = (id) => allowed.has(id) || (dev === true && toolsOnly.has(id)) || (path.includes('/@fontsource') && fonts.has(id));
  if (!permits(license ?? '', ok)) refused.push(`npm ${path.replace(/.*node_modules\//, '')} ${version}: ${license ?? 'no licence named'}`);
  if (resolved !== undefined && !/^(https:|file:)/.test(resolved)) refused.push(`npm ${path} comes from ${resolved.split(':')[0]}`);
}

for (const line of refused) console.error(`not allowed by deny.toml: ${line}`);
process.exit(refused.length === 0 ? 0 : 1);
