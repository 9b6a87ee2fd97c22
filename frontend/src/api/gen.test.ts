// The types are those of the API's document, and every path the screens use stands in it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('src/api/gen is what openapi/openapi.json generates (else: npm run generate)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gen-'));
  try {
    execFileSync(process.execPath, ['node_modules/@hey-api/openapi-ts/bin/run.js'], {
      env: { ...process.env, OPENAPI_OUT: folder },
      stdio: 'pipe',
    });
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join('src/api/gen', name), 'utf8'), name).toBe(
        readFileSync(join(folder, name), 'utf8'),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'gen' ? [] : sources(path);
    return /\.tsx?$/.test(name) && !name.includes('.test.') ? [path] : [];
  });
}

it('calls only paths of the document', () => {
  const document = JSON.parse(readFileSync('../openapi/openapi.json', 'utf8')) as {
    paths: Record<string, object>;
  };
  const known = Object.keys(document.paths)
    .filter((path) => path.startsWith('/api/v1/'))
    .map((path) => path.replace('/api/v1', '').split('/'));
  const wrong: string[] = [];
  for (const file of sources('src')) {
    const text = readFileSync(file, 'utf8');
    const uses = text.matchAll(
      /(?:\bcall|\bget|getAll|usePage|useResource|download|upload)(?:<[^()]*?>)?\(\s*(?:\[[^\]]*\],\s*)?(['`])(\/.*?)\1/g,
    );
    for (const [, , path] of uses) {
      const parts = (path ?? '').split('?')[0]?.split('/') ?? [];
      const fits = known.some(
        (other) =>
          other.length === parts.length &&
          other.every(
            (part, at) => part === parts[at] || part.startsWith('{') || parts[at]?.startsWith('${'),
          ),
      );
      if (!fits) wrong.push(`${file}: ${path}`);
    }
  }
  expect(wrong).toEqual([]);
});
