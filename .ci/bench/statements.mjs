// Turns the log of a Postgres with log_statement = all into pgbench scripts, one a distinct statement: as they
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

// One statement a request; requests of the same text differ only in what they were given.
const requests = [];
for (const [index, entry] of entries.entries()) {
  if (entry.text.includes("SELECT 'next path'")) requests.push([]);
  const sent = entry.text.match(/^(?:execute [^:]*|statement): ([\s\S]*)$/);
  if (entry.user !== 'satupintu_service' || !sent || requests.length === 0) continue;
  // Work of the background, of the access log and of the listener is not the request's.
  if (!sent[1].trim().startsWith('SELECT "households"')) continue;
  const next = entries[index + 1];
  const given = next?.kind === 'DETAIL' ? values(next.text.replace(/^parameters: /, '')) : {};
  requests.at(-1).push({ text: sent[1].replaceAll('\n', ' ').trim(), given });
}

const shapes = new Map();
for (const [statement, ...more] of requests.filter((statements) => statements.length > 0)) {
  if (more.length > 0) throw new Error('a request of more than one statement');
  shapes.set(statement.text, [...(shapes.get(statement.text) ?? []), statement.given]);
}
if (shapes.size === 0) throw new Error(`no statement of the service in ${log}`);

const cast = (literals) => {
  const texts = literals.map((l) => l.slice(1, -1));
  if (texts.every((t) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/.test(t))) return '::uuid';
  if (texts.every((t) => /^-?\d+$/.test(t))) return '::bigint';
  if (texts.every((t) => /^\d{4}-\d\d-\d\d \d\d:/.test(t))) return '::timestamptz';
  return '';
};

mkdirSync(out, { recursive: true });
let n = 0;
for (const [text, given] of shapes) {
  // What differs is taken from an array by a random place, so that pgbench prepares and plans the statement once for a
  // connection, as the service does; with a script for each request it would mostly plan.
  const script = text.replace(/\$(\d+)/g, (whole, p) => {
    const literals = given.map((g) => g[p]);
    if (literals.some((l) => l === undefined)) return whole;
    if (literals.every((l) => l === literals[0])) return literals[0];
    return `(ARRAY[${literals.join(',')}])[:place]${cast(literals)}`;
  });
  // pgbench -f FILE@WEIGHT keeps the mix of the requests.
  writeFileSync(`${out}/${n}.sql`, `\\set place random(1, ${given.length})\n${script};\n`);
  writeFileSync(`${out}/${n}.weight`, `${given.length}\n`);
  n += 1;
}
console.error(`${requests.length} requests, ${shapes.size} statements`);
