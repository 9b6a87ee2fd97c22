// Saves what the list shows as CSV: the same masked values, safe to open in a spreadsheet.
import { isValidElement, type ReactNode } from 'react';
import { saveBlob } from '~/api/http';
import type { Column } from './DataTable';

export function cellText(node: ReactNode): string {
  if (node === null || node === undefined || typeof node === 'boolean') return '';
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(cellText).join('');
  if (!isValidElement(node)) return '';
  const props = node.props as { children?: ReactNode; value?: unknown; value_text?: string };
  if (props.children !== undefined) return cellText(props.children);
  return typeof props.value === 'string' ? props.value : '';
}

/** Quotes a cell; a leading formula sign is disarmed by an apostrophe. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replace(/"/g, '""')}"`;
}

export function saveRows<T>(name: string, columns: Column<T>[], rows: T[]): void {
  const lines = [
    columns.map((column) => csvCell(column.header)),
    ...rows.map((row) => columns.map((column) => csvCell(cellText(column.cell(row))))),
  ];
  const text = `\ufeff${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
  saveBlob(new Blob([text], { type: 'text/csv;charset=utf-8' }), name);
}
