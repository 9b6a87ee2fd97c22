// Short confirmations, announced politely. Refusals are shown where they happened, not here.
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

interface Toast {
  id: number;
  text: string;
}

let toasts: Toast[] = [];
let counter = 0;
const listeners = new Set<() => void>();

function publish(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(text: string): void {
  counter += 1;
  const id = counter;
  publish([...toasts.slice(-2), { id, text }]);
  setTimeout(() => dismiss(id), 7000);
}

function dismiss(id: number): void {
  publish(toasts.filter((item) => item.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const { t } = useTranslation();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((item) => (
        <div className="toast" key={item.id}>
          <p>{item.text}</p>
          <button type="button" onClick={() => dismiss(item.id)}>
            {t('ui.close')}
          </button>
        </div>
      ))}
    </div>
  );
}
