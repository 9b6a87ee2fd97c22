import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export function CopyText({ text, short }: { text: string; short?: string }) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  async function copy() {
    await navigator.clipboard?.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  }
  return (
    <button type="button" className="copy-text sp-mono" onClick={() => void copy()}>
      {short ?? text}
      {done ? (
        <IconCheck size={16} aria-hidden="true" />
      ) : (
        <IconCopy size={16} aria-hidden="true" />
      )}
      <span className="sp-visually-hidden">{done ? t('ui.copied') : t('ui.copy')}</span>
    </button>
  );
}
