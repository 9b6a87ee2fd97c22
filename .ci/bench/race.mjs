// Sends referrals. MODE=race: all of them through 64 connections, again and again until each has its answer, printing KILL
// and RESTART when the service and the database are to fall; rate: 16 connections as fast as they go; plain and checked: one
// after the other; steady: 50 a second beside four readers. Prints what was measured, a line each.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

const { API, TOKEN, IDS, MODE } = process.env;
const token = readFileSync(TOKEN, 'utf8').trim();
const ids = readFileSync(IDS, 'utf8').split('\n').filter((line) => /^[0-9a-f-]{36}$/.test(line));
const agent = new Agent({ keepAlive: true, maxSockets: 96 });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function ask(method, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${API}/api/v1${path}`,
      { method, agent, timeout: 30_000, headers: { authorization: `Bearer ${token}`, ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => { text += part; });
        answer.on('end', () => resolve({ status: answer.statusCode, text }));
        answer.on('error', reject);
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.on('error', reject);
    asked.end();
  });
}
const send = (id) => ask('POST', `/referrals/${id}/send`, { 'if-match': '"1.x"', 'idempotency-key': `race-${id}` });

const codes = {};
let retried = 0;
let busy = 0;
let sent = 0;
const falls = [[80, 'KILL'], [160, 'KILL'], [240, 'RESTART'], [320, 'KILL']];

/** Until there is an answer that is one: a broken connection and a service that is not there yet are none. */
async function settle(id) {
  for (;;) {
    const answer = await send(id).catch(() => null);
    if (!answer || answer.status >= 500) {
      retried += 1;
      await pause(100);
      continue;
    }
    const code = answer.status === 200 ? 'ok' : JSON.parse(answer.text).code;
    if (code === 'idempotency_in_flight') { await pause(50); continue; }
    codes[code] = (codes[code] ?? 0) + 1;
    if (code === 'ok') {
      sent += 1;
      if (falls.length > 0 && sent >= falls[0][0]) console.log(falls.shift()[1]);
    }
    return;
  }
}

async function crowd(number, work) {
  let at = 0;
  await Promise.all(Array.from({ length: number }, async () => { while (at < ids.length) await work(ids[at++]); }));
}
const share = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(list.length * part)] ?? 0;
async function timed(took, id) {
  const begun = performance.now();
  let answer = await send(id);
  // Too busy is an answer too; what trying again takes belongs to the time.
  while (answer.status === 503) {
    busy += 1;
    await pause(50);
    answer = await send(id);
  }
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  took.push(performance.now() - begun);
}

const begun = performance.now();
const took = [];
if (MODE === 'race') {
  await crowd(64, settle);
  const known = ['ok', 'insufficient_funds', 'no_seats', 'claim_overlap'];
  const other = Object.keys(codes).filter((code) => !known.includes(code));
  if (other.length > 0 || codes.ok !== 400 || falls.length > 0) throw new Error(`race: ${JSON.stringify(codes)} ${falls}`);
  console.log(`race_answers_per_s ${(ids.length / ((performance.now() - begun) / 1000)).toFixed(0)} requests/s`);
  for (const [code, number] of Object.entries(codes)) console.log(`race_answer_${code} ${number} answers`);
  console.log(`race_tried_again ${retried} requests`);
} else if (MODE === 'rate') {
  await crowd(16, (id) => timed(took, id));
  console.log(`race_sends_per_s ${(ids.length / ((performance.now() - begun) / 1000)).toFixed(0)} sends/s`);
  console.log(`race_sends_c16_p95 ${share(took, 0.95).toFixed(1)} ms`);
  console.log(`race_sends_too_busy ${busy} answers`);
} else if (MODE === 'steady') {
  let open = true;
  let reads = 0;
  const page = JSON.parse((await ask('GET', '/households?limit=100')).text).data;
  const readers = Array.from({ length: 4 }, async (_, n) => {
    for (let i = n * 25; open; i += 1) {
      await ask('GET', i % 5 === 0 ? '/households?limit=50' : `/households/${page[i % page.length].id}`);
      reads += 1;
      await pause(15);
    }
  });
  await Promise.all(ids.map(async (id, n) => { await pause(n * 20); await timed(took, id); }));
  open = false;
  await Promise.all(readers);
  const seconds = (performance.now() - begun) / 1000;
  console.log(`race_steady_reads ${(reads / seconds).toFixed(0)} requests/s`);
  console.log(`race_steady_p50 ${share(took, 0.5).toFixed(1)} ms`);
  console.log(`race_steady_p95 ${share(took, 0.95).toFixed(1)} ms`);
  console.log(`race_steady_too_busy ${busy} answers`);
} else {
  for (const id of ids) await timed(took, id);
  console.log(`race_${MODE}_p50 ${share(took, 0.5).toFixed(1)} ms`);
  console.log(`race_${MODE}_p95 ${share(took, 0.95).toFixed(1)} ms`);
}
agent.destroy();
