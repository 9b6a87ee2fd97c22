// Whoever holds a one-time link answers a referral here without signing in. The key comes from the part
// of the address behind the #, which no browser sends to any server, or is typed from the letter.
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemFrom } from '~/api/problem';
import type { LocalizedText } from '~/api/types';
import { apiUrl } from '~/app/config';
import { setLanguage, useLanguage } from '~/i18n';
import { formatDate, formatInstant, formatMoney } from '~/ui/format';
import '~/app/sign-in.css';
import '~/ui/check-page.css';

interface Offer {
  organization_name: string;
  program_name: LocalizedText;
  need: LocalizedText;
  severity: 'low' | 'medium' | 'high' | 'emergency';
  subject_kind: 'household' | 'individual';
  village: string;
  district: string;
  amount_idr: number;
  due_at: string;
  decline_reasons: { code: string; name: LocalizedText }[];
}

interface Told {
  accepted: boolean;
  referral_id: string;
  subject_name: string | null;
  people: { name: string; sex: string | null; birth_date: string | null }[];
  note: string | null;
}

type Refused = 'not_found' | 'ended' | 'account' | 'throttled' | 'failed';
type Outcome<T> = { data: T } | { refused: Refused };

async function ask<T>(verb: string, body: unknown): Promise<Outcome<T>> {
  try {
    const response = await fetch(`${apiUrl()}/api/v1/referral-answers/${verb}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) return { data: (await response.json()) as T };
    const problem = await problemFrom(response);
    if (problem.status === 429) return { refused: 'throttled' };
    if (problem.code === 'receiver_has_account') return { refused: 'account' };
    if (problem.status === 409) return { refused: 'ended' };
    return { refused: problem.status === 404 || problem.status === 422 ? 'not_found' : 'failed' };
  } catch {
    return { refused: 'failed' };
  }
}

export default function AnswerReferral() {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const [secret, setSecret] = useState(() => window.location.hash.slice(1));
  const [offer, setOffer] = useState<Offer | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();

  async function look() {
    setBusy(true);
    const found = await ask<Offer>('look', { secret });
    setBusy(false);
    setOffer('data' in found ? found.data : null);
    setRefused('refused' in found ? found.refused : null);
  }
  // Whoever comes by the link or the QR code has nothing to type.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what the address brought
  useEffect(() => {
    document.title = `${t('answer.title')} · Satu Pintu`;
    if (secret) void look();
  }, []);

  async function reply(verb: 'accept' | 'decline', body: Record<string, string>) {
    setBusy(true);
    const found = await ask<Told>(verb, { secret, ...body });
    setBusy(false);
    if ('data' in found) {
      setTold(found.data);
      // Of no use any more, and not for whoever uses this browser next.
      window.history.replaceState(null, '', '/answer');
      return;
    }
    setOffer(null);
    setRefused(found.refused);
  }
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
      <h1>{t('answer.title')}</h1>
      <div role="status" aria-live="polite">
        {told && <Result told={told} />}
        {refused && (
          <section className="check-result check-bad">
            <h2>{t(`answer.refused.${refused}`)}</h2>
            <p>{t(`answer.refused_why.${refused}`)}</p>
          </section>
        )}
      </div>
      {!told && offer && <Question offer={offer} busy={busy} reply={reply} />}
      {!told && !offer && (
        <form
          className="check-form"
          onSubmit={(event) => {
            event.preventDefault();
            void look();
          }}
        >
          <p>{t('answer.lead')}</p>
          <label htmlFor={id}>{t('answer.secret')}</label>
          <input
            id={id}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={60}
            required
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
          <button type="submit" disabled={busy} className="check-submit">
            {busy ? t('answer.busy') : t('answer.open')}
          </button>
        </form>
      )}
      <p className="check-privacy">{t('answer.privacy')}</p>
    </main>
  );
}

function Question(props: {
  offer: Offer;
  busy: boolean;
  reply: (verb: 'accept' | 'decline', body: Record<string, string>) => Promise<void>;
}) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const { offer } = props;
  const ids = { by: useId(), note: useId(), reason: useId(), wrong: useId(), no: useId() };
  const [by, setBy] = useState('');
  const [note, setNote] = useState('');
  const [declining, setDeclining] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const noName = tried && !by.trim();
  const noReason = tried && declining && !reason;

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!by.trim() || (declining && !reason)) return;
    const body = { answered_by: by.trim(), ...(note.trim() ? { note: note.trim() } : {}) };
    void props.reply(
      declining ? 'decline' : 'accept',
      declining ? { ...body, reason_code: reason } : body,
    );
  }
  return (
    <>
      <section aria-label={t('answer.asked', { organization: offer.organization_name })}>
        <h2>{t('answer.asked', { organization: offer.organization_name })}</h2>
        <dl className="check-facts">
          <dt>{t('answer.program')}</dt>
          <dd>{name(offer.program_name)}</dd>
          <dt>{t('answer.need')}</dt>
          <dd>{name(offer.need)}</dd>
          <dt>{t('answer.severity')}</dt>
          <dd>{t(`answer.severities.${offer.severity}`)}</dd>
          <dt>{t('answer.subject')}</dt>
          <dd>{t(`answer.subjects.${offer.subject_kind}`)}</dd>
          <dt>{t('answer.place')}</dt>
          <dd>{t('answer.place_of', { village: offer.village, district: offer.district })}</dd>
          <dt>{t('answer.amount')}</dt>
          <dd>{formatMoney(offer.amount_idr)}</dd>
          <dt>{t('answer.due')}</dt>
          <dd>{formatInstant(offer.due_at)}</dd>
        </dl>
        <p>{t('answer.hidden')}</p>
      </section>
      <form className="check-form check-words" onSubmit={submit} noValidate>
        <label htmlFor={ids.by}>{t('answer.by')}</label>
        <input
          id={ids.by}
          autoComplete="name"
          maxLength={120}
          required
          aria-invalid={noName}
          aria-describedby={noName ? ids.wrong : undefined}
          value={by}
          onChange={(event) => setBy(event.currentTarget.value)}
        />
        {noName && (
          <p id={ids.wrong} className="check-wrong">
            {t('answer.required')}
          </p>
        )}
        <label htmlFor={ids.note}>{t('answer.note')}</label>
        <input
          id={ids.note}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {declining && (
          <>
            <label htmlFor={ids.reason}>{t('answer.reason')}</label>
            <select
              id={ids.reason}
              required
              aria-invalid={noReason}
              aria-describedby={noReason ? ids.no : undefined}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            >
              <option value="">{t('answer.choose')}</option>
              {offer.decline_reasons.map((item) => (
                <option key={item.code} value={item.code}>
                  {name(item.name)}
                </option>
              ))}
            </select>
            {noReason && (
              <p id={ids.no} className="check-wrong">
                {t('answer.required')}
              </p>
            )}
          </>
        )}
        <button type="submit" disabled={props.busy} className="check-submit">
          {t(declining ? 'answer.really_decline' : 'answer.accept')}
        </button>
        <button
          type="button"
          className="check-language"
          disabled={props.busy}
          onClick={() => setDeclining(!declining)}
        >
          {t(declining ? 'answer.cancel' : 'answer.decline')}
        </button>
      </form>
    </>
  );
}

function Result({ told }: { told: Told }) {
  const { t } = useTranslation();
  return (
    <section className="check-result">
      <h2>{t(told.accepted ? 'answer.accepted' : 'answer.declined')}</h2>
      <p>{t(told.accepted ? 'answer.accepted_lead' : 'answer.declined_lead')}</p>
      <dl className="check-facts">
        <dt>{t('answer.number')}</dt>
        <dd>{told.referral_id}</dd>
        {told.people.map((person) => (
          <Person key={`${person.name} ${person.birth_date}`} person={person} />
        ))}
      </dl>
      {told.note && <p>{told.note}</p>}
      {told.accepted && (
        <button type="button" className="check-language" onClick={() => window.print()}>
          {t('answer.print')}
        </button>
      )}
    </section>
  );
}

function Person({ person }: { person: Told['people'][number] }) {
  const { t } = useTranslation();
  return (
    <>
      <dt>{t('answer.name')}</dt>
      <dd>
        {person.name}
        {person.birth_date &&
          `, ${t('answer.born').toLowerCase()} ${formatDate(person.birth_date)}`}
      </dd>
    </>
  );
}
