// Turns the log of a Postgres with log_statement = all into pgbench scripts, one a request: the statements as they
// were sent, with their parameters as literals. Usage: node statements.mjs LOG OUT_DIR
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const [, , log, out] = process.argv;
const entries = [];
for (const line of readFileSync(log, 'utf8').split('\n')) {
  const head = line.match(/^\d{4}-\d\d-\d\d \S+ \S+ \[(\d+)\] (?:(\S+)@\S+ )?(LOG|DETAIL): {2}(.*)$/);
  if (head) entries.push({ user: head[2], kind: head[3], text: head[4] });
  else if (line.startsWith('\t') && entries.length > 0) entries.at(-1).text += `\n${line.slice(1)}`;
}

const values = (text) =>
  Object.fromEntries([...text.matchAll(/\$(\d+) = (NULL|'(?:[^']|'')*')/g)].map((m) => [m[1], m[2]]));

const requests = [];
for (const [index, entry] of entries.entries()) {
  if (entry.text.includes("SELECT 'next path'")) requests.push([]);
  const sent = entry.text.match(/^(?:execute [^:]*|statement): ([\s\S]*)$/);
  if (entry.user !== 'satupintu_service' || !sent || requests.length === 0) continue;
  // Work of the background, of the access log and of the listener is not the request's.
  if (!/^(select|begin|commit|set|with)/i.test(sent[1].trim()) || !/households/.test(sent[1])) continue;
  const next = entries[index + 1];
  const given = next?.kind === 'DETAIL' ? values(next.text.replace(/^parameters: /, '')) : {};
  requests.at(-1).push(sent[1].replace(/\$(\d+)/g, (whole, n) => given[n] ?? whole));
}

mkdirSync(out, { recursive: true });
const filled = requests.filter((statements) => statements.length > 0);
if (filled.length === 0) throw new Error(`no statement of the service in ${log}`);
for (const [n, statements] of filled.slice(0, 60).entries()) {
  // A colon followed by a letter would be a variable of pgbench; casts (::) and times are safe.
  writeFileSync(`${out}/${n}.sql`, `${statements.map((s) => s.replaceAll('\n', ' ').trim()).join(';\n')};\n`);
}
console.error(`${filled.length} requests, ${filled.flat().length} statements`);
