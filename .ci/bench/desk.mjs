// Twenty officers over one service: prints the latency of every call of a household's page, a line each.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

const { API, TOKEN, OFFICERS, SECONDS_LONG } = process.env;
const token = readFileSync(TOKEN, 'utf8').trim();
const agent = new Agent({ keepAlive: true, maxSockets: Number(OFFICERS) });
const calls = {
  household: (id) => `/households/${id}`,
  problems: (id) => `/households/${id}/problems?limit=100`,
  referrals: (id) => `/households/${id}/referrals?limit=100`,
  cases: (id) => `/households/${id}/cases?limit=50`,
  assessments: (id) => `/households/${id}/assessments?limit=50`,
  timeline: (id) => `/households/${id}/timeline?limit=50`,
  tasks: () => '/tasks',
};
const took = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));
// Calls that were not answered (503 where no database connection was free in time): a figure of their own.
const refused = Object.fromEntries(Object.keys(calls).map((name) => [name, 0]));

function get(path) {
  return new Promise((resolve, reject) => {
    const asked = request(`${API}/api/v1${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(`${path}: ${answer.statusCode}`))));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ids = [];
for (let cursor = ''; ids.length < 1000; ) {
  const page = JSON.parse(await get(`/households?limit=200${cursor && `&cursor=${cursor}`}`));
  ids.push(...page.data.map((row) => row.id));
  if (!page.page.has_more) break;
  cursor = page.page.next_cursor;
}

const end = Date.now() + Number(SECONDS_LONG) * 1000;
async function officer(number) {
  await pause(number * 25);
  for (let at = number * 37; Date.now() < end; at += 1) {
    const id = ids[at % ids.length];
    for (const [name, path] of Object.entries(calls)) {
      const begun = performance.now();
      try {
        await get(path(id));
        took[name].push(performance.now() - begun);
      } catch {
        refused[name] += 1;
        await pause(250);
      }
    }
    await pause(500);
  }
}
await Promise.all(Array.from({ length: Number(OFFICERS) }, (_, number) => officer(number)));

const share = (list, part) => list.sort((a, b) => a - b)[Math.floor(list.length * part)] ?? 0;
let all = [];
for (const [name, list] of Object.entries(took)) {
  all = all.concat(list);
  console.log(`desk_${name}_p95 ${share(list, 0.95).toFixed(1)} ms`);
}
console.log(`desk_refused ${Object.values(refused).reduce((sum, one) => sum + one, 0)} calls`);
console.log(`desk_p50 ${share(all, 0.5).toFixed(1)} ms`);
console.log(`desk_p95 ${share(all, 0.95).toFixed(1)} ms`);
console.log(`desk_calls ${(all.length / Number(SECONDS_LONG)).toFixed(0)} requests/s`);
agent.destroy();
