// What a person prefers on this device: theme and language. Nothing personal is stored.
import { useSyncExternalStore } from 'react';

export type Theme = 'auto' | 'light' | 'dark';
export type Language = 'id' | 'en';

const listeners = new Set<() => void>();

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Preferences are a comfort; without storage they last as long as the page.
  }
}

let theme: Theme = (readStored('sp.theme') as Theme | null) ?? 'auto';

export function effectiveTheme(): 'light' | 'dark' {
  if (theme !== 'auto') return theme;
  return window.matchMedia?.('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function apply(): void {
  document.documentElement.setAttribute('data-mantine-color-scheme', effectiveTheme());
  for (const listener of listeners) listener();
}

export function setTheme(next: Theme): void {
  theme = next;
  writeStored('sp.theme', next);
  apply();
}

export function watchSystemTheme(): void {
  window.matchMedia?.('(prefers-color-scheme: dark)').addEventListener('change', apply);
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): { theme: Theme; effective: 'light' | 'dark' } {
  const chosen = useSyncExternalStore(subscribe, () => theme);
  const effective = useSyncExternalStore(subscribe, effectiveTheme);
  return { theme: chosen, effective };
}

export function storedLanguage(): Language {
  return readStored('sp.language') === 'en' ? 'en' : 'id';
}

/** What is chosen in one tab of a browser holds in its others too. */
export function followOtherTabs(speak: (language: Language) => unknown): void {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === 'sp.theme') setTheme((newValue as Theme | null) ?? 'auto');
    if (key === 'sp.language') speak(storedLanguage());
  });
}
