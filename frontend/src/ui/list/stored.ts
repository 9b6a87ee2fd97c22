// Column choice of a list, kept on this device.
import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from '~/app/prefs';

const listeners = new Set<() => void>();
const parsed = new Map<string, { text: string | null; value: unknown }>();

function read<T>(key: string, empty: T): T {
  const text = readStored(key);
  const known = parsed.get(key);
  if (known && known.text === text) return known.value as T;
  let value: unknown = empty;
  try {
    if (text) value = JSON.parse(text);
  } catch {
    // A damaged preference is the same as none.
  }
  parsed.set(key, { text, value });
  return value as T;
}

function write(key: string, value: unknown): void {
  writeStored(key, JSON.stringify(value));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const NONE: never[] = [];

export function useHiddenColumns(list: string): [string[], (hidden: string[]) => void] {
  const key = `sp.columns.${list}`;
  const value = useSyncExternalStore(subscribe, () => read<string[]>(key, NONE));
  return [value, (hidden) => write(key, hidden)];
}
