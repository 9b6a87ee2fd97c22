// The common frame of every list: filters, chips, views, columns, table, states, pages.
import { ActionIcon, Button, Checkbox, NativeSelect, Popover, TextInput } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconBookmark,
  IconChevronLeft,
  IconChevronRight,
  IconFilter,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page as PageOf } from '~/api/types';
import { problemTitle } from '~/ui/problem-text';
import { Empty, Loading, Notice, ProblemState } from '~/ui/states';
import { type Column, DataTable } from './DataTable';
import { filtersOf, PAGE_SIZES } from './search-params';
import { useHiddenColumns, useSavedViews } from './stored';
import type { ListControl } from './useList';

interface Props<T> {
  /** Names this list in stored preferences. */
  id: string;
  caption: string;
  control: ListControl;
  query: UseQueryResult<PageOf<T>>;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  href?: (row: T) => string;
  /** Filter inputs, left to right. */
  filters?: ReactNode;
  /** How a filter chip reads: name and value in words. */
  chip?: (name: string, value: string) => string;
  tools?: ReactNode;
  empty: { title: string; why?: string; action?: ReactNode };
  cellActions?: (row: T) => ReactNode;
  defaultSort?: string;
  /** Paging of a list whose place is not in the address (search results). */
  paging?: { next?: (() => void) | undefined; previous?: (() => void) | undefined };
}

export function ListPage<T>(props: Props<T>) {
  const { control, query, columns } = props;
  const { t } = useTranslation();
  const [hidden, setHidden] = useHiddenColumns(props.id);
  const isHidden = (column: Column<T>) =>
    !column.lead && hidden.includes(column.id) !== (column.extra ?? false);
  // On a phone the filters wait behind a button; on a desk they are always there.
  const [showFilters, setShowFilters] = useState(false);
  const shown = columns.filter((column) => !isHidden(column));
  const filters = filtersOf(control.search);
  const page = query.data;
  const stale = query.isPlaceholderData || (query.isError && page !== undefined);

  function toggle(column: Column<T>) {
    setHidden(
      hidden.includes(column.id) ? hidden.filter((id) => id !== column.id) : [...hidden, column.id],
    );
  }

  return (
    <div className="stack">
      <div className="list-toggle no-print">
        <Button
          variant="default"
          aria-expanded={showFilters}
          leftSection={<IconFilter size={18} aria-hidden="true" />}
          onClick={() => setShowFilters(!showFilters)}
        >
          {filters.length > 0 ? t('list.filters_n', { n: filters.length }) : t('list.filters')}
        </Button>
      </div>
      <div className="list-bar no-print" data-open={showFilters}>
        {props.filters}
        <div className="list-tools">
          <Views id={props.id} control={control} />
          <Popover position="bottom-end" shadow="md" trapFocus>
            <Popover.Target>
              <Button
                variant="subtle"
                leftSection={<IconAdjustmentsHorizontal size={18} aria-hidden="true" />}
              >
                {t('list.columns')}
              </Button>
            </Popover.Target>
            <Popover.Dropdown aria-label={t('list.columns')}>
              <div className="stack">
                {columns
                  .filter((column) => !column.lead)
                  .map((column) => (
                    <Checkbox
                      key={column.id}
                      label={column.header}
                      checked={!isHidden(column)}
                      onChange={() => toggle(column)}
                    />
                  ))}
              </div>
            </Popover.Dropdown>
          </Popover>
          {props.tools}
        </div>
      </div>
      {filters.length > 0 && (
        <ul className="chips" aria-label={t('list.active_filters')}>
          {filters.map(([name, value]) => (
            <li key={name}>
              <button
                type="button"
                className="chip"
                onClick={() => control.setFilter(name, undefined)}
              >
                {props.chip?.(name, value) ?? `${name}: ${value}`}
                <IconX size={16} aria-hidden="true" />
                <span className="sp-visually-hidden">{t('list.remove_filter')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {query.isError && page !== undefined && (
        <Notice tone="warn" title={t('list.stale')} role="status">
          <p>{problemTitle(query.error)}</p>
        </Notice>
      )}
      <div className="card">
        {page === undefined ? (
          query.isError ? (
            <ProblemState error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Loading lines={9} />
          )
        ) : page.data.length === 0 ? (
          <Empty
            title={filters.length > 0 ? t('list.nothing_matches') : props.empty.title}
            {...(filters.length > 0
              ? { why: t('list.nothing_matches_why') }
              : props.empty.why
                ? { why: props.empty.why }
                : {})}
            action={
              filters.length > 0 ? (
                <Button variant="default" onClick={() => control.replace({})}>
                  {t('list.clear_filters')}
                </Button>
              ) : (
                props.empty.action
              )
            }
          />
        ) : (
          <DataTable
            caption={props.caption}
            columns={shown}
            rows={page.data}
            rowKey={props.rowKey}
            {...(props.href ? { href: props.href } : {})}
            sort={control.search.sort ?? props.defaultSort}
            onSort={control.setSort}
            stale={stale}
            {...(props.cellActions ? { cellActions: props.cellActions } : {})}
          />
        )}
        {page !== undefined && <Pager control={control} page={page} paging={props.paging} />}
      </div>
    </div>
  );
}

function Pager<T>({
  control,
  page,
  paging,
}: {
  control: ListControl;
  page: PageOf<T>;
  paging: Props<T>['paging'];
}) {
  const { t } = useTranslation();
  const cursor = page.page.next_cursor;
  const previous = paging ? paging.previous : control.previous;
  const next = paging ? paging.next : cursor ? () => control.next(cursor) : undefined;
  return (
    <div className="pager no-print">
      <label>
        {t('list.rows_per_page')}
        <NativeSelect
          size="md"
          w={90}
          value={String(control.limit)}
          onChange={(event) => control.setLimit(Number(event.currentTarget.value))}
          data={PAGE_SIZES.map(String)}
        />
      </label>
      <div className="row">
        <span className="muted small">{t('list.shown', { n: page.data.length })}</span>
        <Button
          variant="default"
          disabled={!previous}
          onClick={previous}
          leftSection={<IconChevronLeft size={18} aria-hidden="true" />}
        >
          {t('list.previous')}
        </Button>
        <Button
          variant="default"
          disabled={!page.page.has_more || !next}
          onClick={next}
          rightSection={<IconChevronRight size={18} aria-hidden="true" />}
        >
          {t('list.next')}
        </Button>
      </div>
    </div>
  );
}

function Views({ id, control }: { id: string; control: ListControl }) {
  const { t } = useTranslation();
  const [views, setViews] = useSavedViews(id);
  const [name, setName] = useState('');
  function save(event: FormEvent) {
    event.preventDefault();
    const title = name.trim();
    if (!title) return;
    const { cursor: _cursor, ...search } = control.search;
    setViews([...views.filter((view) => view.name !== title), { name: title, search }]);
    setName('');
  }
  return (
    <Popover position="bottom-end" width={320} shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="subtle" leftSection={<IconBookmark size={18} aria-hidden="true" />}>
          {t('list.views')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.views')}>
        <div className="stack">
          {views.length === 0 && <p className="muted small">{t('list.no_views')}</p>}
          {views.map((view) => (
            <div className="spread" key={view.name}>
              <Button variant="subtle" onClick={() => control.replace(view.search)}>
                {view.name}
              </Button>
              <ActionIcon
                color="red"
                aria-label={t('list.delete_view', { name: view.name })}
                onClick={() => setViews(views.filter((other) => other !== view))}
              >
                <IconTrash size={20} aria-hidden="true" />
              </ActionIcon>
            </div>
          ))}
          <form onSubmit={save} className="stack">
            <TextInput
              label={t('list.save_view_as')}
              value={name}
              maxLength={60}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" variant="light" disabled={!name.trim()}>
              {t('list.save_view')}
            </Button>
          </form>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
