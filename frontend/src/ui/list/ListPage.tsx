// The common frame of every list: filters, chips, views, columns, table, states, pages.
import { Button, Checkbox, NativeSelect, Popover } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconChevronLeft,
  IconChevronRight,
  IconFilter,
  IconX,
} from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '~/api/problem';
import type { Page as PageOf } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole, staff } from '~/app/roles';
import { problemTitle } from '~/ui/problem-text';
import { Empty, Loading, Notice, ProblemState } from '~/ui/states';
import { type Column, DataTable } from './DataTable';
import { filtersOf, PAGE_SIZES } from './search-params';
import { useHiddenColumns } from './stored';
import { rememberList } from './trail';
import type { ListControl } from './useList';
import { Views } from './Views';

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

  // A citizen's list is his own family's: nothing to keep views of.
  const keepsViews = hasRole(useAccount(), ...staff);
  // While leaving, the router is already at the record: that is not this list's address.
  const address = useRouterState({ select: (state) => state.location });
  const [own] = useState(address.pathname);
  const { href } = props;
  useEffect(() => {
    if (href && page && address.pathname === own) rememberList(address.href, page.data.map(href));
  }, [href, page, address, own]);

  const choosable = columns.filter((column) => !column.lead);
  const usual = choosable.filter((column) => !column.extra);
  const chosen = choosable.filter((column) => !isHidden(column));
  const asUsual =
    chosen.length === usual.length && chosen.every((column) => usual.includes(column));

  function showColumns(ids: string[] | null) {
    if (ids === null) return setHidden([]);
    setHidden(
      choosable
        .filter((column) => ids.includes(column.id) === (column.extra ?? false))
        .map((column) => column.id),
    );
  }

  function toggle(column: Column<T>) {
    setHidden(
      hidden.includes(column.id) ? hidden.filter((id) => id !== column.id) : [...hidden, column.id],
    );
  }

  if (page === undefined && isStatus(query.error, 403)) {
    return (
      <div className="card">
        <ProblemState error={query.error} />
      </div>
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
          {keepsViews && (
            <Views
              screen={props.id}
              control={control}
              columns={asUsual ? null : chosen.map((column) => column.id)}
              showColumns={showColumns}
            />
          )}
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
                {choosable.map((column) => (
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
        {page !== undefined && (page.data.length > 0 || control.previous) && (
          <Pager control={control} page={page} paging={props.paging} />
        )}
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
