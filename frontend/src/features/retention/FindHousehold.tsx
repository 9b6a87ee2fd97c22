// The household a hold is placed on: typed, found, chosen. The text goes in a body, never in an address.
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { useRegions } from '~/api/reference';
import type { Page } from '~/api/types';
import { ProblemNotice } from '~/ui/states';

export interface Hit {
  id: string;
  head_name?: string | null;
  region_code: string;
}

const SHORTEST = 3;
const SHOWN = 8;

export function FindHousehold({ choose }: { choose: (hit: Hit) => void }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery<Hit[]>({
    queryKey: ['hold-search', asked],
    queryFn: async ({ signal }) => {
      const body = { q: asked, limit: SHOWN };
      const answer = await call<Page<Hit>>('/households/search', { method: 'POST', body, signal });
      return answer.data.data;
    },
    enabled: asked.length >= SHORTEST,
  });
  const hits = found.data ?? [];
  return (
    <div className="stack">
      <TextInput
        type="search"
        label={t('retention.find')}
        description={t('retention.find_hint')}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        // Enter looks for the household; it must not send the form.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      <ProblemNotice error={found.error} />
      <p className="muted small" role="status">
        {found.isSuccess ? t('retention.found', { n: hits.length }) : ''}
      </p>
      <ul className="plain-list stack">
        {hits.map((hit) => (
          <li key={hit.id}>
            <Button variant="default" fullWidth justify="start" onClick={() => choose(hit)}>
              {hit.head_name ?? t('problems.subject_household')} · {regions.full(hit.region_code)}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
