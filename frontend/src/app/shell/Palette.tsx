// Ctrl K: go to a place or do a common thing by typing a few letters of it.
import { Modal, TextInput } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount } from '../account';
import { setTheme } from '../prefs';
import { hasRole, placesFor } from '../roles';
import { placeIcons, placePaths } from './places';

interface Command {
  id: string;
  title: string;
  icon: typeof IconArrowRight;
  run: () => void;
}

export default function Palette({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const account = useAccount();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();

  const go = (to: string) => () => void navigate({ to });
  const commands: Command[] = [
    ...placesFor(account).map((place) => ({
      id: place,
      title: t(`places.${place}`),
      icon: placeIcons[place],
      run: go(placePaths[place]),
    })),
    ...(hasRole(account, 'coordinator', 'village_operator')
      ? [
          {
            id: 'new-import',
            title: t('shell.new_import'),
            icon: IconArrowRight,
            run: go('/imports/new'),
          },
        ]
      : []),
    ...(hasRole(account, 'coordinator', 'agency_officer', 'partner')
      ? [
          {
            id: 'new-program',
            title: t('shell.new_program'),
            icon: IconArrowRight,
            run: go('/programs/new'),
          },
        ]
      : []),
    { id: 'account', title: t('shell.my_account'), icon: IconArrowRight, run: go('/account') },
    {
      id: 'light',
      title: `${t('prefs.theme')}: ${t('prefs.light')}`,
      icon: IconArrowRight,
      run: () => setTheme('light'),
    },
    {
      id: 'dark',
      title: `${t('prefs.theme')}: ${t('prefs.dark')}`,
      icon: IconArrowRight,
      run: () => setTheme('dark'),
    },
  ];
  const wanted = text.trim().toLocaleLowerCase();
  const found = commands.filter((command) => command.title.toLocaleLowerCase().includes(wanted));
  const current = found[Math.min(at, found.length - 1)];

  function run(command: Command | undefined) {
    if (!command) return;
    close();
    command.run();
  }

  function onKey(event: KeyboardEvent) {
    if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(found.length, 1));
    else if (event.key === 'ArrowUp') setAt((at - 1 + found.length) % Math.max(found.length, 1));
    else if (event.key === 'Enter') run(current);
    else return;
    event.preventDefault();
  }

  return (
    <Modal
      opened
      onClose={close}
      title={t('shell.find')}
      yOffset="10vh"
      centered={false}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <TextInput
        aria-label={t('shell.find')}
        placeholder={t('shell.find_hint')}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={current ? `${listId}-${current.id}` : undefined}
        data-autofocus
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div id={listId} role="listbox" aria-label={t('shell.find')} className="palette-list">
        {found.map((command) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys
          <div
            key={command.id}
            id={`${listId}-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={command === current}
            className="palette-option"
            onClick={() => run(command)}
          >
            <command.icon size={20} aria-hidden="true" />
            {command.title}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="muted card-pad">{t('shell.nothing_found')}</p>}
    </Modal>
  );
}
