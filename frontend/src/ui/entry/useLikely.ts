// Who looks like the person that is being typed: asked after a pause, in a body, never in an address.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '~/api/http';
import type { LikelyPerson } from './types';

const PAUSE = 300;
const SHORTEST = 3;
const NIK = 16;

/** Fields of the check; empty ones are left out. */
export type Asked = Record<string, string | undefined>;

export function useLikely(asked: Asked, enabled = true): LikelyPerson[] {
  const said = Object.entries(asked).filter(([, value]) => value?.trim());
  const text = JSON.stringify(Object.fromEntries(said));
  const [settled, setSettled] = useState('{}');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const body = JSON.parse(settled) as Asked;
  // Half a number would only be refused.
  if (body.nik && body.nik.length !== NIK) delete body.nik;
  const query = useQuery({
    queryKey: ['individuals', 'check', JSON.stringify(body)],
    queryFn: async ({ signal }) => {
      const path = '/individuals/check';
      const answer = await call<{ candidates: LikelyPerson[] }>(path, {
        method: 'POST',
        body,
        signal,
      });
      return answer.data.candidates;
    },
    enabled: enabled && (body.name?.trim().length ?? 0) >= SHORTEST,
    retry: false,
    staleTime: 30_000,
    // What was found stays while the next answer comes, so that nothing jumps under a cursor.
    placeholderData: (before) => before,
  });
  return query.data ?? [];
}
