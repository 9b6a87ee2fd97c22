// Asks the service who looks like the people on standard input (name|birth date|mother|kelurahan), one after the other, as
// a form does while it is filled: prints how long the answers took and how often somebody was found.
import { createInterface } from 'node:readline';

const [api, token] = process.argv.slice(2);
const people = [];
for await (const line of createInterface({ input: process.stdin })) {
  const [name, birth, mother, region] = line.split('|');
  if (region) people.push({ name, birth, mother, region });
}

async function ask(body) {
  const begun = performance.now();
  const answer = await fetch(`${api}/api/v1/individuals/check`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.parse(text).code}`);
  return { ms: performance.now() - begun, found: JSON.parse(text).candidates.length > 0 };
}

const share = (list, part) => list.toSorted((a, b) => a - b)[Math.floor(list.length * part)] ?? 0;
async function measure(what, bodies) {
  const answers = [];
  for (const body of bodies) answers.push(await ask(body));
  const took = answers.map((one) => one.ms);
  console.log(`entry_${what}_p50 ${share(took, 0.5).toFixed(1)} ms`);
  console.log(`entry_${what}_p95 ${share(took, 0.95).toFixed(1)} ms`);
  console.log(`entry_${what}_found ${(answers.filter((one) => one.found).length / answers.length).toFixed(3)} share`);
}

const entered = ({ name, birth, mother, region }, at) => ({
  name,
  ...(at % 3 === 0 ? { birth_date: `${birth.slice(0, 4)}-01-01`, birth_date_precision: 'year' } : { birth_date: birth }),
  ...(mother ? { mother_name: mother } : {}),
  region_code: region,
});
// The first answers warm the service's caches; they are not counted.
for (const [at, one] of people.slice(0, 40).entries()) await ask(entered(one, at));
await measure('known', people.slice(40).map(entered));
// Nobody in the city: the name of two, the birth date of a third and the mother of a fourth.
await measure('strangers', people.slice(40).map((one, at) => {
  const [second, third, fourth] = [7, 11, 13].map((step) => people[(at * step + 3) % people.length]);
  const name = `${one.name.split(' ')[0]} ${second.name.split(' ').at(-1)}`;
  return entered({ name, birth: third.birth, mother: fourth.mother, region: one.region }, at);
}));
