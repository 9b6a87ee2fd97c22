// The first screen: plain HTML on the shared tokens, so that it needs nothing of the component kit.
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, NetworkProblem } from '~/api/problem';
import { setLanguage, useLanguage } from '~/i18n';
import { Doorway } from './Doorway';
import { setTheme, useTheme } from './prefs';
import { signIn, signOut } from './session';
import './sign-in.css';

interface Fault {
  text: string;
  field?: 'username' | 'password' | 'totp';
}

export function SignIn({ again }: { again?: string }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState(again ?? '');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [needsTotp, setNeedsTotp] = useState(false);
  const [visible, setVisible] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const totpInput = useRef<HTMLInputElement>(null);
  const alert = useRef<HTMLParagraphElement>(null);
  const ids = { user: useId(), pass: useId(), totp: useId(), hint: useId(), fault: useId() };

  useEffect(() => {
    first.current?.focus();
    document.title = t('app.name');
  }, [t]);
  useEffect(() => {
    if (needsTotp) totpInput.current?.focus();
  }, [needsTotp]);

  function explain(error: unknown): Fault {
    if (error instanceof NetworkProblem) return { text: t('sign_in.offline') };
    if (!(error instanceof ApiProblem)) return { text: t('sign_in.failed') };
    if (error.status === 429) {
      return {
        text: t('sign_in.throttled', { minutes: Math.ceil((error.retryAfter ?? 900) / 60) }),
      };
    }
    if (error.status >= 500) return { text: t('sign_in.unavailable') };
    // The code is asked for only once the password was right, so a refusal now means the code.
    if (error.status === 401 && needsTotp) return { text: t('sign_in.wrong_totp'), field: 'totp' };
    if (error.status === 401) return { text: t('sign_in.wrong'), field: 'password' };
    return { text: t('sign_in.failed') };
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    setFault(null);
    if (!username.trim()) return setFault({ text: t('sign_in.required'), field: 'username' });
    if (!password) return setFault({ text: t('sign_in.required'), field: 'password' });
    setBusy(true);
    try {
      await signIn(username.trim(), password, needsTotp ? totp.replace(/\s/g, '') : undefined);
    } catch (error) {
      const asked = error instanceof ApiProblem && error.code === 'totp_required';
      if (asked && !needsTotp) setNeedsTotp(true);
      else {
        setFault(explain(error));
        requestAnimationFrame(() => alert.current?.focus());
      }
    } finally {
      setBusy(false);
    }
    return undefined;
  }

  const described = (field: Fault['field']) =>
    fault?.field === field ? { 'aria-invalid': true, 'aria-describedby': ids.fault } : {};

  return (
    <div className={again ? 'sign-in sign-in-over' : 'sign-in'}>
      {!again && (
        <aside className="sign-in-story">
          <Doorway />
          <p className="sign-in-brand">{t('app.name')}</p>
          <p className="sign-in-tagline">{t('app.tagline')}</p>
          <ul>
            <li>{t('sign_in.promise_1')}</li>
            <li>{t('sign_in.promise_2')}</li>
            <li>{t('sign_in.promise_3')}</li>
          </ul>
        </aside>
      )}
      <main className="sign-in-main">
        <form className="sign-in-card" onSubmit={submit} noValidate aria-busy={busy}>
          <h1>{t(again ? 'sign_in.again_title' : 'sign_in.title')}</h1>
          <p className="sign-in-lead">{t(again ? 'sign_in.again_lead' : 'sign_in.lead')}</p>
          {fault && (
            <p className="sign-in-fault" role="alert" id={ids.fault} ref={alert} tabIndex={-1}>
              {fault.text}
            </p>
          )}
          <label htmlFor={ids.user}>{t('sign_in.username')}</label>
          <input
            id={ids.user}
            ref={again ? undefined : first}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            readOnly={again !== undefined}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            {...described('username')}
          />
          <label htmlFor={ids.pass}>{t('sign_in.password')}</label>
          <input
            id={ids.pass}
            ref={again ? first : undefined}
            name="password"
            type={visible ? 'text' : 'password'}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            {...described('password')}
          />
          <label className="sign-in-check">
            <input
              type="checkbox"
              checked={visible}
              onChange={(event) => setVisible(event.currentTarget.checked)}
            />
            {t('sign_in.show_password')}
          </label>
          {needsTotp && (
            <>
              <label htmlFor={ids.totp}>{t('sign_in.totp')}</label>
              <input
                id={ids.totp}
                ref={totpInput}
                name="totp"
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={7}
                value={totp}
                onChange={(event) => setTotp(event.currentTarget.value)}
                aria-describedby={fault?.field === 'totp' ? ids.fault : ids.hint}
                aria-invalid={fault?.field === 'totp' || undefined}
              />
              <p className="sign-in-hint" id={ids.hint}>
                {t('sign_in.totp_hint')}
              </p>
            </>
          )}
          <button type="submit" className="plain-button" disabled={busy}>
            {t(busy ? 'sign_in.busy' : 'sign_in.submit')}
          </button>
          {again && (
            <button type="button" className="plain-link" onClick={() => void signOut()}>
              {t('sign_in.other_account')}
            </button>
          )}
          <p className="sign-in-hint">{t('sign_in.privacy')}</p>
        </form>
        {!again && <Switches />}
      </main>
    </div>
  );
}

function Switches() {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const { theme } = useTheme();
  return (
    <div className="sign-in-switches">
      <fieldset>
        <legend className="sp-visually-hidden">{t('prefs.language')}</legend>
        {(['id', 'en'] as const).map((code) => (
          <button
            type="button"
            key={code}
            lang={code}
            aria-pressed={language === code}
            onClick={() => void setLanguage(code)}
          >
            {t(code === 'id' ? 'prefs.indonesian' : 'prefs.english')}
          </button>
        ))}
      </fieldset>
      <fieldset>
        <legend className="sp-visually-hidden">{t('prefs.theme')}</legend>
        {(['light', 'dark', 'auto'] as const).map((value) => (
          <button
            type="button"
            key={value}
            aria-pressed={theme === value}
            onClick={() => setTheme(value)}
          >
            {t(`prefs.${value}`)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
