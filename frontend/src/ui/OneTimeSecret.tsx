// A password or key the service shows once. It is not kept anywhere in the page after this closes.
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyText } from './CopyText';
import { Notice } from './states';

interface Props {
  title: string;
  lead: string;
  items: { label: string; value: string }[];
  close: () => void;
}

export function OneTimeSecret({ title, lead, items, close }: Props) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  return (
    <Modal
      opened
      // Closing by accident would lose it: the cross and Escape first ask.
      onClose={() => (sure ? close() : setSure(true))}
      title={title}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <div className="stack">
        <Notice tone="warn" title={t('secret.once')}>
          <p>{lead}</p>
        </Notice>
        {items.map((item) => (
          <div className="secret" key={item.label}>
            <span className="muted small">{item.label}</span>
            <CopyText text={item.value} />
          </div>
        ))}
        {sure && (
          <p className="warn-text" role="alert">
            {t('secret.sure')}
          </p>
        )}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>{t('secret.done')}</Button>
        </div>
      </div>
    </Modal>
  );
}
