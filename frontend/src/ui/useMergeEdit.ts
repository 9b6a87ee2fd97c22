// Editing one record with merge-patch and If-Match. A 412 fetches the newer version and hands both
// to the conflict dialog; what the writer typed is never lost.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Answer, call } from '~/api/http';
import { isStatus } from '~/api/problem';
import { refreshData } from '~/app/queries';
import { changed, type Flat } from './Conflict';
import { toast } from './toast';

interface Options<T> {
  path: string;
  /** Where the record is read, if not where it is changed. */
  readPath?: string;
  /** The record as it was when the form opened. */
  seen: Answer<T>;
  /** Flattens the record to what the form edits. */
  flatten: (value: T) => Flat;
  /** Builds the merge-patch from the fields that differ and what stands beside them on the server. */
  toPatch: (fields: Flat, now: Flat) => unknown;
  done: string;
  onDone: () => void;
  /** What the service answered to the change, where that says more than the record. */
  onSaved?: (answer: unknown) => void;
  onRefused?: (error: unknown) => void;
}

export function useMergeEdit<T>(options: Options<T>) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [clash, setClash] = useState<{ mine: Flat; theirs: Answer<T> } | null>(null);
  const base = options.flatten(options.seen.data);

  async function send(fields: Flat, now: Answer<T>, mine: Flat) {
    setBusy(true);
    setError(null);
    try {
      if (Object.keys(fields).length > 0) {
        const body = options.toPatch(fields, options.flatten(now.data));
        const answer = await call(options.path, { method: 'PATCH', body, etag: now.etag });
        options.onSaved?.(answer.data);
        toast(options.done);
      }
      await refreshData(queries);
      setClash(null);
      options.onDone();
    } catch (failure) {
      if (isStatus(failure, 412)) {
        try {
          setClash({ mine, theirs: await call<T>(options.readPath ?? options.path) });
        } catch (again) {
          setError(again);
        }
      } else {
        setError(failure);
        options.onRefused?.(failure);
      }
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    error,
    base,
    clash: clash && { mine: clash.mine, theirs: options.flatten(clash.theirs.data) },
    save(mine: Flat) {
      const fields = Object.fromEntries(changed(base, mine).map((key) => [key, mine[key]]));
      return send(fields, options.seen, mine);
    },
    keep(patch: Flat) {
      return clash ? send(patch, clash.theirs, clash.mine) : Promise.resolve();
    },
    async discard() {
      setClash(null);
      await refreshData(queries);
      options.onDone();
    },
  };
}
