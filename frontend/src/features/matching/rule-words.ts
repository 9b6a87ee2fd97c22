import i18next from 'i18next';
import type { Finding } from './types';

/** A finding of the checker in the reader's language; its own English where this build does not know the code. */
export function findingText(finding: Finding): string {
  const key = `rule_finding.${finding.code}`;
  const exists = i18next.exists as (key: string) => boolean;
  const say = i18next.t as unknown as (key: string) => string;
  return exists(key) ? say(key) : finding.detail;
}
