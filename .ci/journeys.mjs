// What failed or needed a second try, in a line each: node journeys.mjs REPORT.json
import { readFileSync } from 'node:fs';

const plain = (text) => text.replace(/\u001b\[[0-9;]*m/g, '').replace(/\s+/g, ' ').trim().slice(0, 600);

function* specs(suite) {
  for (const spec of suite.specs ?? []) yield spec;
  for (const inner of suite.suites ?? []) yield* specs(inner);
}

for (const suite of JSON.parse(readFileSync(process.argv[2], 'utf8')).suites ?? []) {
  for (const spec of specs(suite)) {
    for (const test of spec.tests) {
      if (test.status !== 'unexpected' && test.status !== 'flaky') continue;
      const failed = test.results.find((result) => result.status !== 'passed' && result.error);
      console.log(`journey ${test.status}: ${spec.file}: ${spec.title}: ${plain(failed?.error?.message ?? 'no error kept')}`);
      const at = failed?.error?.location;
      if (at) console.log(`  at line ${at.line}`);
    }
  }
}
