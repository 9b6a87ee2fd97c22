// What a person is writing, kept while they look elsewhere in the application, and asked about as they write.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { call } from '~/api/http';
import {
  type Clause,
  emit,
  type Group,
  nodeAt,
  type Places,
  readRule,
  sameRule,
  unfinished,
} from './rule-tree';
import type { Finding, RuleCheck, RulePreview } from './types';

/** In memory only: gone with the tab, never on the device. */
const kept = new Map<string, Group>();

export function forgetDraft(programId: string): void {
  kept.delete(programId);
}

function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** A preview that took longer than this is asked for by hand from then on. */
const QUICK = 2_000;

export function useRuleDraft(programId: string, stored: Clause | null, previews: boolean) {
  const [resumed] = useState(() => kept.has(programId));
  const [root, set] = useState<Group>(() => kept.get(programId) ?? readRule(stored));
  const setRoot = (next: Group) => {
    kept.set(programId, next);
    set(next);
  };

  const { rule, places, lacks } = useMemo(() => {
    const found: Places = [];
    const open = unfinished(root);
    return { rule: emit(root, '', found), places: found, lacks: open };
  }, [root]);
  const text = JSON.stringify(rule);
  const settled = useSettled(text, 350);
  const whole = lacks.length === 0;
  const dirty = !sameRule(stored, whole ? rule : { incomplete: {} });

  const check = useQuery({
    queryKey: ['rule-check', programId, settled],
    queryFn: ({ signal }) =>
      call<RuleCheck>(`/programs/${programId}/rule/check`, {
        method: 'POST',
        body: { rule: JSON.parse(settled) },
        signal,
      }).then((answer) => answer.data),
    enabled: whole && settled === text,
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  const current = whole && settled === text && check.isSuccess && !check.isPlaceholderData;
  const sound = current && check.data.errors.length === 0;

  const [slow, setSlow] = useState(false);
  const [asked, setAsked] = useState('');
  const preview = useQuery({
    queryKey: ['rule-preview', programId, settled],
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const answer = await call<RulePreview>(`/programs/${programId}/rule/preview`, {
        method: 'POST',
        body: { rule: JSON.parse(settled) },
        signal,
      });
      setSlow(performance.now() - begun > QUICK);
      return answer.data;
    },
    enabled: previews && sound && (!slow || asked === settled),
    staleTime: 60_000,
  });

  const byNode = (findings: Finding[] | undefined): Map<number, Finding[]> => {
    const found = new Map<number, Finding[]>();
    if (!current) return found;
    for (const finding of findings ?? []) {
      const id = nodeAt(finding.pointer, places) ?? root.id;
      found.set(id, [...(found.get(id) ?? []), finding]);
    }
    return found;
  };

  return {
    root,
    setRoot,
    rule,
    resumed,
    whole,
    empty: root.of.length === 0,
    dirty,
    lacks,
    /** The answer to exactly this rule has come. */
    current,
    sound,
    check,
    faults: byNode(check.data?.errors),
    warnings: byNode(check.data?.warnings),
    preview,
    previewed: preview.isSuccess && sound,
    askPreview: slow && asked !== settled ? () => setAsked(settled) : undefined,
    reset() {
      forgetDraft(programId);
      set(readRule(stored));
    },
    take(other: Clause) {
      setRoot(readRule(other));
    },
  };
}

export type RuleDraft = ReturnType<typeof useRuleDraft>;
