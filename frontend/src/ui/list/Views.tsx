// Saved views of a list: one's own, and those colleagues share. Kept by the service, so that they
// follow the person to every device. Filters, order and columns only; a search text is never saved.
import { ActionIcon, Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash, IconUser, IconUsers } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, newKey } from '~/api/http';
import { getAll } from '~/api/reference';
import type { SavedView } from '~/api/types';
import { Loading, ProblemNotice } from '~/ui/states';
import { toast } from '~/ui/toast';
import { filtersOf, type ListSearch } from './search-params';
import type { ListControl } from './useList';

interface Props {
  /** Slug of the list. */
  screen: string;
  control: ListControl;
  /** Columns now shown, without the one that names the row; null where they are the list's own. */
  columns: string[] | null;
  showColumns: (columns: string[] | null) => void;
}

/** What the address holds, as the service keeps it. */
export function viewBody(search: ListSearch, columns: string[] | null) {
  return {
    filter: Object.fromEntries(filtersOf(search)),
    sort: search.sort ?? null,
    columns,
  };
}

export function viewSearch(view: Pick<SavedView, 'filter' | 'sort'>): ListSearch {
  return { ...view.filter, ...(view.sort ? { sort: view.sort } : {}) };
}

export function Views(props: Props) {
  const { t } = useTranslation();
  return (
    <Popover position="bottom-end" width="min(360px, calc(100vw - 32px))" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="subtle" leftSection={<IconBookmark size={18} aria-hidden="true" />}>
          {t('list.views')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.views')}>
        <ViewList {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}

function ViewList({ screen, control, columns, showColumns }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const key = ['views', screen];
  const query = useQuery({
    queryKey: key,
    queryFn: () => getAll<SavedView>('/views', { screen }),
  });
  const [name, setName] = useState('');
  const [team, setTeam] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const own = query.data?.filter((view) => view.own) ?? [];
  const shared = query.data?.filter((view) => !view.own) ?? [];
  const title = name.trim();
  const again = own.find((view) => view.name.toLowerCase() === title.toLowerCase());

  async function run(work: () => Promise<unknown>, done: string): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      await work();
      toast(done);
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      setBusy(false);
      await queries.invalidateQueries({ queryKey: key });
    }
  }
  const change = async (view: SavedView, body: unknown) => {
    const { etag } = await call<SavedView>(`/views/${view.id}`);
    await call(`/views/${view.id}`, { method: 'PATCH', body, etag });
  };
  async function save(event: FormEvent) {
    event.preventDefault();
    if (!title) return;
    const { sort, columns: shown, filter } = viewBody(control.search, columns);
    const sharing = team ? 'team' : 'mine';
    const done = await run(
      () =>
        again
          ? change(again, { filter, sort, columns: shown, sharing })
          : call('/views', {
              method: 'POST',
              key: newKey(),
              body: {
                screen,
                name: title,
                sharing,
                filter,
                ...(sort ? { sort } : {}),
                ...(shown ? { columns: shown } : {}),
              },
            }),
      t('list.view_saved'),
    );
    if (done) setName('');
  }
  function open(view: SavedView) {
    showColumns(view.columns);
    control.replace(viewSearch(view));
  }

  return (
    <div className="stack">
      <ProblemNotice error={error ?? (query.data ? null : query.error)} />
      {query.isPending && <Loading lines={2} />}
      {query.data?.length === 0 && <p className="muted small">{t('list.no_views')}</p>}
      {own.length > 0 && (
        <section className="views" aria-label={t('list.views_mine')}>
          <h2>{t('list.views_mine')}</h2>
          {own.map((view) => (
            <div className="view-line" key={view.id}>
              <button type="button" className="view-open" onClick={() => open(view)}>
                {view.name}
              </button>
              <ActionIcon
                variant="subtle"
                size={44}
                aria-pressed={view.sharing === 'team'}
                aria-label={t('list.share_view', { name: view.name })}
                title={t(view.sharing === 'team' ? 'list.shared' : 'list.private')}
                disabled={busy}
                onClick={() =>
                  void run(
                    () => change(view, { sharing: view.sharing === 'team' ? 'mine' : 'team' }),
                    t(view.sharing === 'team' ? 'list.view_unshared' : 'list.view_shared'),
                  )
                }
              >
                {view.sharing === 'team' ? (
                  <IconUsers size={20} aria-hidden="true" />
                ) : (
                  <IconUser size={20} aria-hidden="true" />
                )}
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="red"
                size={44}
                aria-label={t('list.delete_view', { name: view.name })}
                disabled={busy}
                onClick={() =>
                  void run(
                    () => call(`/views/${view.id}`, { method: 'DELETE' }),
                    t('list.view_deleted'),
                  )
                }
              >
                <IconTrash size={20} aria-hidden="true" />
              </ActionIcon>
            </div>
          ))}
        </section>
      )}
      {shared.length > 0 && (
        <section className="views" aria-label={t('list.views_team')}>
          <h2>{t('list.views_team')}</h2>
          {shared.map((view) => (
            <div className="view-line" key={view.id}>
              <button type="button" className="view-open" onClick={() => open(view)}>
                {view.name}
                <small className="muted">{view.owner_name}</small>
              </button>
            </div>
          ))}
        </section>
      )}
      <form onSubmit={(event) => void save(event)} className="stack view-form">
        <TextInput
          label={t('list.save_view_as')}
          description={t('list.save_view_hint')}
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label={t('list.share_with_team')}
          description={t('list.team_hint')}
          checked={team}
          onChange={(event) => setTeam(event.currentTarget.checked)}
        />
        <Button type="submit" variant="light" loading={busy} disabled={!title}>
          {t(again ? 'list.replace_view' : 'list.save_view')}
        </Button>
      </form>
    </div>
  );
}
