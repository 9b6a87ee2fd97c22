// Who stands at the counter: typed once, found as one types.
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useRegions } from '~/api/reference';
import type { Page } from '~/api/types';
import { ProblemNotice } from '~/ui/states';

export interface Hit {
  id: string;
  head_name?: string | null;
  region_code: string;
  members_count: number;
  matched_text?: string | null;
}

/** Households whose people, numbers or address are like the text; asked after a pause in typing. */
export function useHits(text: string, limit: number) {
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return useQuery<Hit[]>({
    queryKey: ['intake-search', asked, limit],
    queryFn: async ({ signal }) => {
      const body = { q: asked, limit };
      const found = await call<Page<Hit>>('/households/search', { method: 'POST', body, signal });
      return found.data.data;
    },
    enabled: asked.length > 2,
  });
}

export function HitList({ hits, choose }: { hits: Hit[]; choose: (id: string) => void }) {
  const { t } = useTranslation();
  const regions = useRegions();
  return (
    <ul className="intake-hits">
      {hits.map((hit) => (
        <li key={hit.id}>
          <button type="button" className="intake-hit" onClick={() => choose(hit.id)}>
            <span className="strong">{hit.head_name ?? t('problems.subject_household')}</span>
            <span className="muted small">
              {[
                hit.matched_text,
                regions.full(hit.region_code),
                t('intake.members', { count: hit.members_count }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function FindFamily({
  choose,
  create,
}: {
  choose: (id: string) => void;
  create: (name: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const hits = useHits(text, 8);
  useEffect(() => input.current?.focus(), []);
  const found = hits.data ?? [];
  return (
    <div className="stack">
      <TextInput
        ref={input}
        type="search"
        label={t('intake.search')}
        description={t('intake.search_hint')}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          // Enter takes the only one found; among several, Tab chooses.
          event.preventDefault();
          if (found.length === 1 && found[0]) choose(found[0].id);
        }}
      />
      <ProblemNotice error={hits.error} />
      <p className="muted small" role="status">
        {hits.isSuccess ? t('intake.found', { count: found.length }) : ''}
      </p>
      <HitList hits={found} choose={choose} />
      <div>
        <Button variant="default" onClick={() => create(text.trim())}>
          {t('intake.new_family')}
        </Button>
      </div>
    </div>
  );
}
