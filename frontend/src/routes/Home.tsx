// The first page: what waits for this person, by role. Each tile counts with one short list call.
import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type Query } from '~/api/http';
import type { Page as PageOf } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole, type Place, placesFor, type Role } from '~/app/roles';
import { placeIcons, placePaths } from '~/app/shell/places';
import { rememberSearch } from '~/features/households/search-memory';
import { formatNumber } from '~/ui/format';
import { Page } from '~/ui/page';
import { Empty } from '~/ui/states';
import './home.css';

const COUNTED = 100;

interface Tile {
  id:
    | 'waiting_problems'
    | 'waiting_referrals'
    | 'running_referrals'
    | 'waiting_programs'
    | 'waiting_duplicates'
    | 'waiting_plans'
    | 'waiting_imports';
  place: Place;
  path: string;
  query: Query;
  to: string;
  roles: Role[];
}

const tiles: Tile[] = [
  {
    id: 'waiting_referrals',
    place: 'referrals',
    path: '/referrals',
    query: { status: 'sent' },
    to: '/referrals',
    roles: ['coordinator', 'agency_officer', 'partner', 'social_worker'],
  },
  {
    id: 'waiting_problems',
    place: 'problems',
    path: '/problems',
    query: { status: 'reported' },
    to: '/problems',
    roles: ['coordinator', 'social_worker', 'village_operator'],
  },
  {
    id: 'running_referrals',
    place: 'referrals',
    path: '/referrals',
    query: { status: 'accepted' },
    to: '/referrals',
    roles: ['coordinator', 'agency_officer', 'partner', 'social_worker'],
  },
  {
    id: 'waiting_programs',
    place: 'programs',
    path: '/programs',
    query: { status: 'submitted' },
    to: '/programs',
    roles: ['coordinator'],
  },
  {
    id: 'waiting_duplicates',
    place: 'duplicates',
    path: '/duplicate-candidates',
    query: { status: 'open' },
    to: '/duplicates',
    roles: ['coordinator', 'social_worker'],
  },
  {
    id: 'waiting_plans',
    place: 'matching',
    path: '/allocation-plans',
    query: { status: 'proposed' },
    to: '/allocation-plans',
    roles: ['coordinator'],
  },
  {
    id: 'waiting_imports',
    place: 'imports',
    path: '/imports',
    query: { status: 'validated' },
    to: '/imports',
    roles: ['coordinator', 'village_operator'],
  },
];

export function Home() {
  const { t } = useTranslation();
  const account = useAccount();
  const mine = tiles.filter((tile) => hasRole(account, ...tile.roles));
  const places = placesFor(account).filter((place) => place !== 'home');
  return (
    <Page
      title={t('home.title', { name: account.display_name || account.username })}
      lead={mine.length > 0 ? t('home.lead') : places.length > 0 ? t('home.ways') : undefined}
    >
      {places.length === 0 && (
        <div className="card">
          <Empty title={t('home.no_places')} why={t('home.no_places_why')} />
        </div>
      )}
      {hasRole(account, ...finders) && <FindHousehold />}
      <div className="tiles">
        {mine.map((tile) => (
          <Waiting key={tile.id} tile={tile} />
        ))}
        {mine.length === 0 && places.map((place) => <Way key={place} place={place} />)}
      </div>
    </Page>
  );
}

/** For those nothing waits for, such as an auditor: what there is to look at. */
function Way({ place }: { place: Place }) {
  const { t } = useTranslation();
  const Icon = placeIcons[place];
  return (
    <Link to={placePaths[place]} className="card tile" data-quiet>
      <Icon size={26} aria-hidden="true" />
      <span className="tile-title">{t(`places.${place}`)}</span>
    </Link>
  );
}

/** Whoever may search: the first thing they do all day is find a family. */
const finders: Role[] = ['coordinator', 'social_worker', 'village_operator'];

function FindHousehold() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  function find(event: FormEvent) {
    event.preventDefault();
    // Handed over in memory: a name does not belong in an address.
    rememberSearch(text.trim());
    void navigate({ to: '/households' });
  }
  return (
    <search className="card card-pad">
      <form className="find-household" onSubmit={find}>
        <TextInput
          label={t('households.search_label')}
          placeholder={t('households.search_placeholder')}
          data-search-field
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          leftSection={<IconSearch size={20} aria-hidden="true" />}
        />
        <Button type="submit">{t('home.find')}</Button>
      </form>
    </search>
  );
}

function Waiting({ tile }: { tile: Tile }) {
  const { t } = useTranslation();
  const Icon = placeIcons[tile.place];
  const query = useQuery({
    queryKey: ['tile', tile.id],
    queryFn: () => get<PageOf<unknown>>(tile.path, { ...tile.query, limit: COUNTED }),
  });
  const count = query.data?.data.length;
  return (
    <Link
      to={tile.to}
      search={tile.query as never}
      className="card tile"
      data-quiet={count === 0 || undefined}
    >
      <Icon size={26} aria-hidden="true" />
      <span className="tile-number sp-num">
        {count === undefined
          ? '…'
          : query.data?.page.has_more
            ? t('home.at_least', { n: formatNumber(count) })
            : formatNumber(count)}
      </span>
      <span className="tile-title">{t(`home.${tile.id}`)}</span>
      {count === 0 && <span className="muted small">{t('home.quiet')}</span>}
    </Link>
  );
}
