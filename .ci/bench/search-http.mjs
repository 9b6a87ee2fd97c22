// Searches by misspelt names through the API: search-http.mjs API_URL TOKEN < names, one a line.
// A name counts as found where it is among the ten best distinct ones that the answer matched.
import { readFileSync } from 'node:fs';

const [url, token] = process.argv.slice(2);
const names = readFileSync(0, 'utf8').split('\n').map((line) => line.trim()).filter(Boolean);

/** One letter of the longest word dropped, doubled, or swapped with its neighbour, in turn. */
function slip(name, turn) {
  const words = name.toLowerCase().split(' ');
  const at = words.reduce((best, word, i) => (word.length > words[best].length ? i : best), 0);
  const word = words[at];
  const middle = Math.floor(word.length / 2);
  words[at] = [
    word.slice(0, middle) + word.slice(middle + 1),
    word.slice(0, middle) + word[middle] + word.slice(middle),
    word.slice(0, middle - 1) + word[middle] + word[middle - 1] + word.slice(middle + 1),
  ][turn % 3];
  return words.join(' ');
}

const plain = (text) => text.toUpperCase().replace(/[^A-Z ]/g, '').trim();
const times = [];
let found = 0;
for (const [turn, name] of names.entries()) {
  const begin = performance.now();
  const answer = await fetch(`${url}/api/v1/households/search`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ q: slip(name, turn), limit: 50 }),
  });
  const page = await answer.json();
  times.push(performance.now() - begin);
  if (!answer.ok) throw new Error(`${answer.status} ${page.code}`);
  const best = [...new Set(page.data.map((row) => row.matched_text))].slice(0, 10);
  if (best.includes(plain(name))) found += 1;
}
times.sort((a, b) => a - b);
console.log(`search_http_p50 ${times[Math.floor(times.length / 2)].toFixed(1)} ms`);
console.log(`search_http_p95 ${times[Math.floor(times.length * 0.95)].toFixed(1)} ms`);
console.log(`search_http_recall_at_10 ${(found / names.length).toFixed(3)} ratio`);
