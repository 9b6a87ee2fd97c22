// Header, navigation and shortcuts around every signed-in screen.
import { Menu, Modal } from '@mantine/core';
import {
  IconDots,
  IconHelp,
  IconLogout,
  IconSearch,
  IconUserCircle,
  IconWifiOff,
} from '@tabler/icons-react';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setLanguage, useLanguage, word } from '~/i18n';
import { typingIn } from '~/ui/keys';
import { Notice, ProblemState } from '~/ui/states';
import { Toasts } from '~/ui/toast';
import { useAccount } from '../account';
import { ErrorBoundary } from '../ErrorBoundary';
import { setTheme, type Theme, useTheme } from '../prefs';
import { type Place, placesFor, rolesOf } from '../roles';
import { signOut } from '../session';
import { placeBranches, placeIcons, placePaths } from './places';
import './shell.css';

const Palette = lazy(() => import('./Palette'));
const BOTTOM = 4;

export function Shell() {
  const { t } = useTranslation();
  const account = useAccount();
  const places = placesFor(account);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [more, setMore] = useState(false);
  const main = useRef<HTMLElement>(null);
  useShortcuts(
    () => setPalette(true),
    () => setHelp(true),
  );
  useFocusOnNavigation(path, main);

  const bottom = places.length > BOTTOM + 1 ? places.slice(0, BOTTOM) : places;
  const rest = places.slice(bottom.length);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <header className="shell-head">
        <Link to="/" className="shell-brand">
          <img src="/favicon.svg" alt="" width={34} height={34} />
          {t('app.name')}
        </Link>
        <button
          type="button"
          className="shell-find"
          onClick={() => setPalette(true)}
          aria-keyshortcuts="Control+K"
        >
          <IconSearch size={20} aria-hidden="true" />
          <span className="shell-find-text">{t('shell.find')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <button
          type="button"
          className="shell-icon help-button"
          aria-label={t('shell.help')}
          onClick={() => setHelp(true)}
        >
          <IconHelp size={24} aria-hidden="true" />
        </button>
        <UserMenu />
      </header>
      <nav className="shell-side" aria-label={t('shell.menu')}>
        <ul>
          {places.map((place) => (
            <li key={place}>
              <PlaceLink place={place} className="nav-link" />
            </li>
          ))}
        </ul>
      </nav>
      <main className="shell-main" id="main" ref={main} tabIndex={-1}>
        <OfflineBanner />
        <PasswordNotice />
        <ErrorBoundary
          resetKey={path}
          fallback={(error, reset) => <ProblemState error={error} retry={reset} />}
        >
          <Outlet />
        </ErrorBoundary>
      </main>
      <nav className="shell-bottom" aria-label={t('shell.menu')}>
        <ul>
          {bottom.map((place) => (
            <li key={place}>
              <PlaceLink place={place} className="bottom-link" short />
            </li>
          ))}
          {rest.length > 0 && (
            <li>
              <button type="button" className="bottom-link" onClick={() => setMore(true)}>
                <IconDots size={24} aria-hidden="true" />
                {t('shell.more')}
              </button>
            </li>
          )}
        </ul>
      </nav>
      <Modal
        opened={more}
        onClose={() => setMore(false)}
        title={t('shell.menu')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        <nav aria-label={t('shell.more')}>
          {rest.map((place) => (
            <PlaceLink
              key={place}
              place={place}
              className="nav-link"
              onClick={() => setMore(false)}
            />
          ))}
        </nav>
      </Modal>
      <Help opened={help} close={() => setHelp(false)} />
      {palette && (
        <Suspense fallback={null}>
          <Palette close={() => setPalette(false)} />
        </Suspense>
      )}
      <Toasts />
    </div>
  );
}

function PlaceLink({
  place,
  className,
  short = false,
  onClick,
}: {
  place: Place;
  className: string;
  short?: boolean;
  onClick?: () => void;
}) {
  const { t } = useTranslation();
  const Icon = placeIcons[place];
  const path = useRouterState({ select: (state) => state.location.pathname });
  const inside = placeBranches[place]?.some((branch) => path.startsWith(branch));
  return (
    <Link
      to={placePaths[place]}
      className={inside ? `${className} active` : className}
      aria-current={inside ? 'true' : undefined}
      activeOptions={{ exact: place === 'home', includeSearch: false }}
      activeProps={{ className: `${className} active`, 'aria-current': 'page' }}
      {...(onClick ? { onClick } : {})}
    >
      <Icon size={short ? 24 : 22} aria-hidden="true" />
      {t(`places.${place}`)}
    </Link>
  );
}

function useShortcuts(openPalette: () => void, openHelp: () => void): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
      } else if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) {
        return;
      } else if (event.key === '/') {
        const field = document.querySelector<HTMLInputElement>('[data-search-field]');
        event.preventDefault();
        if (field) field.focus();
        else openPalette();
      } else if (event.key === '?') {
        event.preventDefault();
        openHelp();
      }
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}

/** A new page is announced to a screen reader by moving the focus to it; filters do not count. */
function useFocusOnNavigation(path: string, main: React.RefObject<HTMLElement | null>): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}

function OfflineBanner() {
  const { t } = useTranslation();
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  }, []);
  return (
    <div role="status">
      {!online && (
        <p className="offline" style={{ marginBottom: 16, borderRadius: 12 }}>
          <IconWifiOff size={20} aria-hidden="true" />
          {t('shell.offline')}
        </p>
      )}
    </div>
  );
}

/** A first password was chosen by somebody else. */
function PasswordNotice() {
  const { t } = useTranslation();
  const account = useAccount();
  if (!account.must_change_password) return null;
  return (
    <div style={{ marginBottom: 16 }}>
      <Notice tone="warn" title={t('shell.change_password')}>
        <Link to="/account">{t('shell.my_account')}</Link>
      </Notice>
    </div>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const account = useAccount();
  const navigate = useNavigate();
  const { language } = useLanguage();
  const { theme } = useTheme();
  const name = account.display_name || account.username;
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <button type="button" className="shell-icon shell-user">
          <span className="sp-visually-hidden">{t('shell.account_menu')}</span>
          <span className="row" style={{ flexWrap: 'nowrap' }}>
            <span className="shell-face" aria-hidden="true">
              {initials(name)}
            </span>
            <span className="shell-user-text">
              <b>{name}</b>
              <small>{word('role', rolesOf(account)[0])}</small>
            </span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} ·{' '}
          {rolesOf(account)
            .map((role) => word('role', role))
            .join(', ')}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconUserCircle size={18} aria-hidden="true" />}
          onClick={() => void navigate({ to: '/account' as string })}
        >
          {t('shell.my_account')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('prefs.language')}</Menu.Label>
        <Menu.RadioGroup
          value={language}
          onChange={(value) => void setLanguage(value === 'en' ? 'en' : 'id')}
        >
          <Menu.RadioItem value="id" lang="id">
            {t('prefs.indonesian')}
          </Menu.RadioItem>
          <Menu.RadioItem value="en" lang="en">
            {t('prefs.english')}
          </Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Label>{t('prefs.theme')}</Menu.Label>
        <Menu.RadioGroup value={theme} onChange={(value) => setTheme(value as Theme)}>
          {(['light', 'dark', 'auto'] as const).map((value) => (
            <Menu.RadioItem key={value} value={value}>
              {t(`prefs.${value}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={18} aria-hidden="true" />}
          onClick={() => void signOut()}
        >
          {t('shell.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? '') + (words[1]?.[0] ?? '')).toUpperCase();
}

const shortcuts = [
  ['Ctrl K', 'palette'],
  ['/', 'search'],
  ['j', 'next_row'],
  ['k', 'previous_row'],
  ['Enter', 'open_row'],
  ['[', 'previous_record'],
  [']', 'next_record'],
  ['?', 'help'],
] as const;

function Help({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('shell.help')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <dl className="keys-list">
        {shortcuts.map(([key, what]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              <kbd className="key">{key}</kbd>
            </dt>
            <dd>{t(`shell.keys.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
