// Whoever holds a letter checks it here without signing in. Code and secret come from the part of
// the address behind the #, which no browser sends to any server, or are typed from the paper.
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemFrom } from '~/api/problem';
import { apiUrl } from '~/app/config';
import { setLanguage, useLanguage } from '~/i18n';
import { formatDate } from '~/ui/format';
import '~/app/sign-in.css';
import '~/ui/check-page.css';
import type { GenuineLetter } from './types';

type Answer = { letter: GenuineLetter } | { refused: 'not_found' | 'throttled' | 'failed' };

async function ask(code: string, secret: string): Promise<Answer> {
  try {
    const response = await fetch(`${apiUrl()}/api/v1/public/letters/verify`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code, secret }),
    });
    if (response.ok) return { letter: (await response.json()) as GenuineLetter };
    const problem = await problemFrom(response);
    if (problem.status === 429) return { refused: 'throttled' };
    return { refused: problem.status === 404 || problem.status === 422 ? 'not_found' : 'failed' };
  } catch {
    return { refused: 'failed' };
  }
}

export default function VerifyLetter() {
  const { t } = useTranslation();
  const { language, name } = useLanguage();
  const [printed] = useState(() => window.location.hash.slice(1).split('.'));
  const [code, setCode] = useState(printed[0] ?? '');
  const [secret, setSecret] = useState(printed[1] ?? '');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [busy, setBusy] = useState(false);
  const ids = { code: useId(), secret: useId() };

  async function check() {
    setBusy(true);
    setAnswer(await ask(code, secret));
    setBusy(false);
  }
  // Whoever comes by the QR code has nothing to type.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what the address brought
  useEffect(() => {
    document.title = `${t('check.title')} · Satu Pintu`;
    if (printed[0] && printed[1]) void check();
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    void check();
  }
  const letter = answer && 'letter' in answer ? answer.letter : null;
  return (
    <main className="check-page" id="main">
      <header className="check-head">
        <p className="strong">Satu Pintu</p>
        <button
          type="button"
          className="check-language"
          lang={language === 'en' ? 'id' : 'en'}
          onClick={() => void setLanguage(language === 'en' ? 'id' : 'en')}
        >
          {language === 'en' ? 'Bahasa Indonesia' : 'English'}
        </button>
      </header>
      <h1>{t('check.title')}</h1>
      <p>{t('check.lead')}</p>
      <div role="status" aria-live="polite">
        {letter && (
          <section
            className={letter.status === 'valid' ? 'check-result' : 'check-result check-bad'}
            aria-label={t('check.result')}
          >
            <h2>{letter.status === 'valid' ? t('check.valid') : t('check.revoked')}</h2>
            <dl className="check-facts">
              <dt>{t('check.kind')}</dt>
              <dd>{name(letter.kind)}</dd>
              <dt>{t('check.number')}</dt>
              <dd>{letter.number}</dd>
              <dt>{t('check.date')}</dt>
              <dd>{formatDate(letter.issued_on)}</dd>
              <dt>{t('check.office')}</dt>
              <dd>{letter.office}</dd>
              <dt>{t('check.initials')}</dt>
              <dd>{letter.subject_initials}</dd>
            </dl>
            <p>{t('check.compare')}</p>
          </section>
        )}
        {answer && 'refused' in answer && (
          <section className="check-result check-bad" aria-label={t('check.result')}>
            <h2>{t(`check.refused.${answer.refused}`)}</h2>
            <p>{t(`check.refused_why.${answer.refused}`)}</p>
          </section>
        )}
      </div>
      <form onSubmit={submit} className="check-form">
        <label htmlFor={ids.code}>{t('check.code')}</label>
        <input
          id={ids.code}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          required
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <label htmlFor={ids.secret}>{t('check.secret')}</label>
        <input
          id={ids.secret}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={60}
          required
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        <button type="submit" disabled={busy} className="check-submit">
          {busy ? t('check.busy') : t('check.submit')}
        </button>
      </form>
      <p className="check-privacy">{t('check.privacy')}</p>
    </main>
  );
}
