import '@fontsource-variable/plus-jakarta-sans/wght.css';
import './ui/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { loadConfig } from './app/config';
import { followOtherTabs, watchSystemTheme } from './app/prefs';
import { Root } from './app/Root';
import { StartFailed } from './app/StartFailed';
import { restore } from './app/session';
import { initLanguage, loadWords, setLanguage } from './i18n';

async function start(): Promise<void> {
  const host = document.getElementById('root');
  if (!host) return;
  watchSystemTheme();
  await initLanguage();
  followOtherTabs(setLanguage);
  const root = createRoot(host);
  try {
    await loadConfig();
  } catch {
    root.render(<StartFailed />);
    return;
  }
  // Whoever checks a letter has no account, and nothing of the application is fetched.
  if (window.location.pathname === '/verify') {
    await loadWords('check');
    const { default: VerifyLetter } = await import('./features/services/VerifyLetter');
    root.render(<VerifyLetter />);
    return;
  }
  // Nor has whoever answers a referral by its one-time link.
  if (window.location.pathname === '/answer') {
    await loadWords('answer');
    const { default: AnswerReferral } = await import('./features/referrals/AnswerReferral');
    root.render(<AnswerReferral />);
    return;
  }
  await restore();
  root.render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
}

void start();
