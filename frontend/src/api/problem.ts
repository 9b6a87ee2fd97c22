// RFC 9457 answers, and the two failures that have no answer at all.

export interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string | null;
  code?: string;
  errors?: FieldProblem[];
  request_id?: string | null;
}

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: FieldProblem[];
  readonly requestId: string;
  /** Seconds the server asks to wait, from `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** The whole answer: some codes carry more than the usual members. */
  readonly body: ProblemBody & Record<string, unknown>;

  constructor(status: number, body: ProblemBody, headers?: Headers) {
    super(body.title ?? `HTTP ${status}`);
    this.name = 'ApiProblem';
    this.body = { ...body };
    this.status = status;
    this.code = body.code ?? `http_${status}`;
    this.title = body.title ?? '';
    this.detail = body.detail ?? '';
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.requestId = body.request_id ?? headers?.get('x-request-id') ?? '';
    const wait = Number(headers?.get('retry-after'));
    this.retryAfter = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  }
}

/** The request never reached the server, or its answer never reached us. */
export class NetworkProblem extends Error {
  constructor(cause?: unknown) {
    super('network', { cause });
    this.name = 'NetworkProblem';
  }
}

export async function problemFrom(response: Response): Promise<ApiProblem> {
  let body: ProblemBody = {};
  try {
    const parsed: unknown = await response.json();
    if (parsed && typeof parsed === 'object') body = parsed as ProblemBody;
  } catch {
    // A proxy's HTML page or an empty body: the status alone has to do.
  }
  return new ApiProblem(response.status, body, response.headers);
}

/** `/members/0/name` → `members.0.name`: the path by which forms know a field. */
export function pointerToField(pointer: string): string {
  return pointer
    .replace(/^#?\//, '')
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .join('.');
}

export function isStatus(error: unknown, ...statuses: number[]): error is ApiProblem {
  return error instanceof ApiProblem && statuses.includes(error.status);
}
