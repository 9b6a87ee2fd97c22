// fetch cannot tell how much of a body has been sent; a file of a million rows should.
import { ApiProblem, NetworkProblem, type ProblemBody } from '~/api/problem';
import { apiUrl } from '~/app/config';
import { expire, refresh, session } from '~/app/session';

function attempt<T>(
  path: string,
  form: FormData,
  key: string,
  onProgress: (share: number) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${apiUrl()}/api/v1${path}`);
    request.setRequestHeader('Authorization', `Bearer ${session.token() ?? ''}`);
    request.setRequestHeader('Idempotency-Key', key);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = () => reject(new NetworkProblem());
    request.onload = () => {
      let body: unknown = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // An answer that is no JSON is told by its status.
      }
      if (request.status >= 200 && request.status < 300) resolve(body as T);
      else reject(new ApiProblem(request.status, body as ProblemBody));
    };
    request.send(form);
  });
}

export async function upload<T>(
  path: string,
  form: FormData,
  key: string,
  onProgress: (share: number) => void,
): Promise<T> {
  try {
    return await attempt<T>(path, form, key, onProgress);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    if (!(await refresh())) {
      expire();
      throw error;
    }
    return attempt<T>(path, form, key, onProgress);
  }
}
