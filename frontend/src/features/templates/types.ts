import { type FieldProblem, isStatus } from '~/api/problem';
import type { LocalizedText } from '~/api/types';

export interface LetterTemplate {
  id: string;
  service_code: string;
  edition: number;
  title: string;
  body: string;
  status: string;
  /** Null for what ships with the service. */
  created_by: string | null;
  created_by_name: string | null;
  created_at: string;
  activated_by_name: string | null;
  activated_at: string | null;
  version: number;
  can: string[];
}

export interface Placeholder {
  code: string;
  name: LocalizedText;
  kind: string;
  formats: string[];
  example: string;
}

export interface Fault {
  code: string;
  line: number;
  column: number;
}

/** What the service found wrong with a text, and where; the rest of a refusal is told as always. */
export function faultsOf(error: unknown): Fault[] {
  if (!isStatus(error, 422)) return [];
  return error.errors.flatMap((item: FieldProblem) => {
    const place = /^line (\d+), column (\d+)/.exec(item.detail);
    if (item.pointer !== '/body' || !place) return [];
    return [{ code: item.code, line: Number(place[1]), column: Number(place[2]) }];
  });
}

/** Where in a text a line and column are, both counted from one; columns count characters. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const within = Array.from(lines[line - 1] ?? '').slice(0, column - 1);
  return Math.min(before + within.join('').length, text.length);
}
