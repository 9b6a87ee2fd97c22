// A list as a table on a desk and as cards on a phone; one markup, keyboard j / k / Enter.

import { Button } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '~/ui/format';
import { typingIn } from '~/ui/keys';
import { toggleSort } from './search-params';
import './list.css';

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** The server's sort key, where it can sort by this column. */
  sort?: string;
  numeric?: boolean;
  /** The column that names the row: links to it, heads its card, cannot be hidden. */
  lead?: boolean;
  /** Hidden until chosen. */
  extra?: boolean;
}

interface Props<T> {
  caption: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  /** Address of the row's page. */
  href?: (row: T) => string;
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  stale?: boolean;
  cellActions?: (row: T) => ReactNode;
  /** Of a list that comes as a whole: so many rows are shown at first, so that what stands below stays within reach. */
  fold?: number;
}

export function DataTable<T>(props: Props<T>) {
  const { columns, href, sort, onSort, fold } = props;
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const folded = fold !== undefined && !whole && props.rows.length > fold + 2;
  const rows = folded ? props.rows.slice(0, fold) : props.rows;
  const navigate = useNavigate();
  const body = useRef<HTMLTableSectionElement>(null);

  useEffect(() => {
    function onKey(event: globalThis.KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
      if (event.key !== 'j' && event.key !== 'k') return;
      const all = [...(body.current?.querySelectorAll<HTMLElement>('tr[data-opens]') ?? [])];
      if (all.length === 0) return;
      const at = all.findIndex((row) => row.contains(document.activeElement));
      const next = event.key === 'j' ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0);
      all[next]?.focus();
      all[next]?.scrollIntoView({ block: 'nearest' });
      event.preventDefault();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  function open(row: T, event: MouseEvent | KeyboardEvent) {
    if (!href) return;
    const target = event.target as HTMLElement;
    // A click on a link or button inside the row means that link or button.
    if (target.closest('a, button, input, label') && target.tagName !== 'TR') return;
    if (window.getSelection()?.toString()) return;
    void navigate({ to: href(row) });
  }

  return (
    <div className="table-box" data-stale={props.stale || undefined}>
      {/* Roles are written out because the phone layout changes `display`, which would drop them. */}
      <table className="data-table" role="table" aria-busy={props.stale || undefined}>
        <caption className="sp-visually-hidden">{props.caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
            {props.cellActions && (
              <th role="columnheader">
                <span className="sp-visually-hidden">{t('ui.actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body}>
          {rows.map((row) => (
            <tr
              key={props.rowKey(row)}
              role="row"
              {...(href && {
                'data-opens': true,
                tabIndex: -1,
                onClick: (event: MouseEvent) => open(row, event),
                onKeyDown: (event: KeyboardEvent) => event.key === 'Enter' && open(row, event),
              })}
            >
              {columns.map((column) => (
                <td
                  key={column.id}
                  role="cell"
                  data-label={column.header}
                  className={[column.numeric && 'num', column.lead && 'lead']
                    .filter(Boolean)
                    .join(' ')}
                >
                  <span>
                    {column.lead && href ? (
                      <Link to={href(row)} className="row-link">
                        {column.cell(row)}
                      </Link>
                    ) : (
                      column.cell(row)
                    )}
                  </span>
                </td>
              ))}
              {props.cellActions && (
                <td role="cell" data-label="">
                  <div className="row">{props.cellActions(row)}</div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {folded && (
        <div className="table-more no-print">
          <Button variant="default" onClick={() => setWhole(true)}>
            {t('list.show_all', { n: formatNumber(props.rows.length) })}
            <span className="sp-visually-hidden"> {props.caption}</span>
          </Button>
        </div>
      )}
    </div>
  );
}

function HeaderCell<T>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}) {
  const key = column.sort;
  if (!key || !onSort) {
    return (
      <th role="columnheader" scope="col" className={column.numeric ? 'num' : undefined}>
        {column.header}
      </th>
    );
  }
  const direction = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : 'none';
  const Icon =
    direction === 'ascending'
      ? IconArrowUp
      : direction === 'descending'
        ? IconArrowDown
        : IconArrowsSort;
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={direction}
      className={column.numeric ? 'num' : undefined}
    >
      <button type="button" onClick={() => onSort(toggleSort(sort, key))}>
        {column.header}
        <Icon size={16} aria-hidden="true" />
      </button>
    </th>
  );
}
