# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# What the browser downloads before it can show the first screen, gzipped. Compared with the budget of 130 kB.
"$ROOT/.ci/front.sh" build 9>&-
bench front_entry_js_gzip "$(node - "$ROOT/frontend/dist" <<'JS'
const { readFileSync } = require('node:fs');
const { gzipSync } = require('node:zlib');
const dist = process.argv[2];
const html = readFileSync(`${dist}/index.html`, 'utf8');
// The entry and what it preloads: everything the page names itself.
const files = [...html.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map((m) => m[1]);
const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length, 0);
console.log((bytes / 1000).toFixed(1));
JS
)" kB
bench front_entry_js_budget 130 kB
