import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Assessment } from '~/api/forms';
import { type Answer, call } from '~/api/http';
import { Autosave } from './autosave';
import { fieldOf, flatten, toPatch } from './draft';

/** The draft with its autosave; leaving the page sends what waits, and asks where that fails. */
export function useDraft(seen: Answer<Assessment>) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { id } = seen.data;
  const [saver] = useState(
    () =>
      new Autosave<Assessment>(seen, {
        send: (changes, etag) =>
          call<Assessment>(`/assessments/${id}`, {
            method: 'PATCH',
            body: toPatch(changes),
            etag,
          }),
        read: () => call<Assessment>(`/assessments/${id}`),
        flatten,
        field: fieldOf,
        onSaved: (answer) => queries.setQueryData(['assessments', id], answer),
      }),
  );
  const snap = useSyncExternalStore(saver.subscribe, saver.get);

  useEffect(() => saver.adopt(seen), [saver, seen]);
  useEffect(() => {
    const again = () => saver.retry();
    window.addEventListener('online', again);
    return () => {
      window.removeEventListener('online', again);
      void saver.flush();
    };
  }, [saver]);
  useBlocker({
    shouldBlockFn: async () =>
      !(await saver.flush()) && !window.confirm(t('assessments.leave_unsaved')),
    enableBeforeUnload: () => !saver.clean,
  });
  return { saver, snap };
}
