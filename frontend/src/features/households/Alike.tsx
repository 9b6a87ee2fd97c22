// While somebody is entered: households in which he may stand already, so that nobody is entered twice.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useRegions } from '~/api/reference';
import type { Page } from '~/api/types';
import { Notice } from '~/ui/states';

interface Hit {
  id: string;
  head_name?: string | null;
  region_code: string;
  matched_text?: string | null;
}

const SHOWN = 3;
const SHORTEST = 5;

/** Asked after a pause in typing; the text goes in a body, never in an address. */
export function Alike({ text, own }: { text: string; own: string }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery<Hit[]>({
    queryKey: ['alike', asked],
    queryFn: async ({ signal }) => {
      const body = { q: asked, limit: SHOWN + 1 };
      const answer = await call<Page<Hit>>('/households/search', { method: 'POST', body, signal });
      return answer.data.data;
    },
    enabled: asked.length >= SHORTEST,
    retry: false,
  });
  const hits = (found.data ?? []).filter((hit) => hit.id !== own).slice(0, SHOWN);
  if (asked.length < SHORTEST || hits.length === 0) return null;
  return (
    <Notice tone="warn" title={t('individual.alike')} role="status">
      <ul className="plain-list">
        {hits.map((hit) => (
          <li key={hit.id}>
            <Link to="/households/$id" params={{ id: hit.id }} target="_blank">
              {hit.matched_text ?? hit.head_name ?? t('problems.subject_household')}
            </Link>{' '}
            <span className="muted small">{regions.full(hit.region_code)}</span>
          </li>
        ))}
      </ul>
      <p className="small">{t('individual.alike_why')}</p>
    </Notice>
  );
}
