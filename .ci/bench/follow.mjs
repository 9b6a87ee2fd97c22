// Changes what a verdict hangs on, one household after the other, and asks until the stored verdict has followed:
// follow.mjs API_URL TOKEN PROGRAM. Prints the time from the answer to the change, which follows its commit, until then.
const [api, token, program] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/merge-patch+json' };

async function call(path, more = {}) {
  const answer = await fetch(`${api}/api/v1${path}`, { ...more, headers: { ...headers, ...more.headers } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${more.method ?? 'GET'}: ${answer.status} ${text.slice(0, 200)}`);
  return { body: JSON.parse(text), etag: answer.headers.get('etag') };
}

const page = await call(`/programs/${program}/matches?limit=60&outcome=eligible`);
const took = [];
for (const { household_id: id } of page.body.data) {
  for (const [tenure, outcome] of [['rented', 'ineligible'], ['owned', 'eligible']]) {
    const { etag } = await call(`/households/${id}`);
    const body = JSON.stringify({ housing: { house_status: tenure } });
    await call(`/households/${id}`, { method: 'PATCH', body, headers: { 'if-match': etag } });
    const begun = performance.now();
    while ((await call(`/households/${id}/matches/${program}`)).body.stored !== outcome) {
      if (performance.now() - begun > 10_000) throw new Error('the stored verdict did not follow within 10 s');
    }
    took.push(performance.now() - begun);
  }
}
took.sort((a, b) => a - b);
const share = (part) => took[Math.floor(took.length * part)].toFixed(1);
console.log(`match_one_household_p50 ${share(0.5)} ms`);
console.log(`match_one_household_p95 ${share(0.95)} ms, from the answer to the change until the stored verdict is another; ${took.length} changes`);
