// Refusals are told by their stable code in the reader's language; the server's own title is used
// only for codes newer than this build.
import i18next from 'i18next';
import { ApiProblem, NetworkProblem, pointerToField } from '~/api/problem';

const exists = (key: string) => (i18next.exists as (key: string) => boolean)(key);
const say = (key: string, values?: Record<string, unknown>) =>
  (i18next.t as unknown as (key: string, values?: Record<string, unknown>) => string)(key, values);

export function problemTitle(error: unknown): string {
  if (error instanceof NetworkProblem) return say('problem.network');
  if (error instanceof ApiProblem) {
    if (exists(`problem.${error.code}`)) return say(`problem.${error.code}`);
    if (exists(`problem.http_${error.status}`)) return say(`problem.http_${error.status}`);
    return error.title || say('problem.unknown');
  }
  return say('problem.unknown');
}

export function problemDetail(error: unknown): string {
  if (error instanceof NetworkProblem) return say('problem.network_detail');
  if (!(error instanceof ApiProblem)) return '';
  if (error.status === 404) return say('problem.not_found_detail');
  if (error.status === 403) return say('problem.forbidden_detail');
  if (error.status === 429 || error.status === 503) {
    return say('problem.wait_detail', { seconds: error.retryAfter ?? 5 });
  }
  if (exists(`problem.${error.code}_detail`)) return say(`problem.${error.code}_detail`);
  const fields = error.errors.filter((item) => item.pointer === '' || item.pointer === '/');
  return fields.map((item) => fieldText(item.code, item.detail)).join(' ') || error.detail;
}

function fieldText(code: string, detail: string): string {
  return exists(`field.${code}`) ? say(`field.${code}`) : detail || code;
}

/** Form field → text, for `form.setErrors`. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {};
  const found: Record<string, string> = {};
  for (const item of error.errors) {
    const field = pointerToField(item.pointer);
    if (field) found[field] = fieldText(item.code, item.detail);
  }
  return found;
}
