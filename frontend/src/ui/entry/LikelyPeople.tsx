// People of one's own area who may be the one being entered, each beside what was typed, with what differs marked: the
// same person, or somebody else and why.
import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { word } from '~/i18n';
import { formatDate, formatPeriod } from '~/ui/format';
import { parts } from './parts';
import type { Distinct, Entered, LikelyPerson } from './types';
import './entry.css';

export interface LikelyPeopleProps {
  people: LikelyPerson[];
  entered: Entered;
  distinct: Distinct;
  onDistinct: (distinct: Distinct) => void;
  /** It is this one. */
  onSame: (person: LikelyPerson) => void;
  /** What happens then, on the button. */
  sameText: string;
  /** The service waits for a decision: brings the eye and the keyboard here. */
  asks: boolean;
}

export default function LikelyPeople(props: LikelyPeopleProps) {
  const { people, distinct, asks } = props;
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const open = people.filter((person) => distinct[person.id] === undefined).length;
  useEffect(() => {
    if (asks) heading.current?.focus();
  }, [asks]);
  const told =
    people.length === 0
      ? ''
      : open === 0
        ? t('likely.all_decided')
        : t('likely.found', { count: open });
  return (
    <>
      <p role="status" className="sp-visually-hidden">
        {told}
      </p>
      {people.length > 0 && (
        <section className="likely" aria-labelledby={id}>
          <h3 id={id} ref={heading} tabIndex={-1}>
            {told}
          </h3>
          <p className="small">{t(asks ? 'likely.must' : 'likely.why')}</p>
          <ul>
            {people.map((person) => (
              <li key={person.id}>
                <Likely {...props} person={person} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Likely(props: LikelyPeopleProps & { person: LikelyPerson }) {
  const { person, distinct, onDistinct, onSame, sameText } = props;
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const reason = distinct[person.id];
  const settle = (why: string | undefined) => {
    const { [person.id]: _old, ...rest } = distinct;
    onDistinct(why === undefined ? rest : { ...rest, [person.id]: why });
    setAsking(false);
  };
  if (reason !== undefined) {
    return (
      <div className="likely-done">
        <span>
          <strong>{person.name}</strong>: {t('likely.is_other')} ({reason})
        </span>
        <Button variant="subtle" size="sm" onClick={() => settle(undefined)}>
          {t('likely.again')}
          <span className="sp-visually-hidden"> {person.name}</span>
        </Button>
      </div>
    );
  }
  return (
    <article className="likely-card" aria-label={person.name}>
      <p className="likely-head">
        <span className={`badge badge-${person.band === 'possible' ? 'warn' : 'bad'}`}>
          {t(`likely.band.${person.band}`)}
        </span>
        <span className="muted small">
          {person.same_nik && `${t('likely.same_nik')} · `}
          {t('likely.share', { share: Math.round(person.probability * 100) })}
          {person.life_status === 'moved' && ` · ${t('likely.moved')}`}
        </span>
      </p>
      <Compared {...props} />
      {asking ? (
        <Why name={person.name} done={settle} cancel={() => setAsking(false)} />
      ) : (
        <div className="row">
          <Button size="sm" onClick={() => onSame(person)}>
            {sameText}
            <span className="sp-visually-hidden"> {person.name}</span>
          </Button>
          <Button size="sm" variant="default" onClick={() => setAsking(true)}>
            {t('likely.other')}
            <span className="sp-visually-hidden"> {person.name}</span>
          </Button>
        </div>
      )}
    </article>
  );
}

/** Why it is somebody else; the form around it is not sent by Enter here. */
function Why(props: { name: string; done: (reason: string) => void; cancel: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [empty, setEmpty] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  function done() {
    if (text.trim()) props.done(text.trim());
    else setEmpty(true);
  }
  function onKey(event: KeyboardEvent) {
    if (event.key === 'Enter') {
      event.preventDefault();
      done();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      props.cancel();
    }
  }
  return (
    <div className="likely-why">
      <TextInput
        ref={input}
        label={t('likely.reason', { name: props.name })}
        description={t('likely.reason_hint')}
        maxLength={300}
        value={text}
        error={empty && !text.trim() ? t('ui.required') : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <div className="row">
        <Button size="sm" onClick={done}>
          {t('likely.confirm')}
        </Button>
        <Button size="sm" variant="subtle" onClick={props.cancel}>
          {t('ui.cancel')}
        </Button>
      </div>
    </div>
  );
}

function born(person: LikelyPerson): string | null {
  const date = person.birth_date;
  if (!date) return null;
  if (person.birth_date_precision === 'year') return date.slice(0, 4);
  if (person.birth_date_precision === 'month') return formatPeriod(date.slice(0, 7));
  return formatDate(date);
}

function Compared({ person, entered }: LikelyPeopleProps & { person: LikelyPerson }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const lane = [person.rt && `RT ${person.rt}`, person.rw && `RW ${person.rw}`].filter(Boolean);
  const address = [person.street, lane.join('/'), regions.full(person.region_code)];
  const said: Record<string, [string | null | undefined, string | null | undefined]> = {
    name: [entered.name, person.name],
    nik: [entered.nik, person.nik_masked],
    birth_date: [entered.birth_date && formatDate(entered.birth_date), born(person)],
    sex: [word('sex', entered.sex), word('sex', person.sex)],
    mother_name: [entered.mother_name, person.mother_name],
    address: [entered.address, address.filter(Boolean).join(', ')],
  };
  return (
    <table className="likely-table">
      <thead>
        <tr>
          <th scope="col">
            <span className="sp-visually-hidden">{t('likely.field_name')}</span>
          </th>
          <th scope="col">{t('likely.typed')}</th>
          <th scope="col">{t('likely.recorded')}</th>
        </tr>
      </thead>
      <tbody>
        {person.comparisons.map(({ field, agreement }) => {
          const [typed, recorded] = said[field] ?? [];
          if (!typed && !recorded) return null;
          // A masked number differs in every hidden digit: only whether it is the same means something.
          const marks = field === 'nik' ? 'same' : agreement;
          return (
            <tr key={field} data-agreement={agreement}>
              <th scope="row">
                {word('likely_field', field)}
                {agreement !== 'unknown' && (
                  <span className="likely-mark">{t(`likely.agreement.${agreement}`)}</span>
                )}
              </th>
              <td>
                <Marked text={typed} other={recorded} agreement={marks} />
              </td>
              <td>
                <Marked text={recorded} other={typed} agreement={marks} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Marked(props: {
  text: string | null | undefined;
  other: string | null | undefined;
  agreement: string;
}) {
  const { t } = useTranslation();
  const { text, other, agreement } = props;
  if (!text) return <span className="muted">{t('likely.not_known')}</span>;
  if (!other || agreement === 'same') return text;
  return parts(text, other).map((part, at) =>
    part.differs ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no identity
      <mark key={at}>{part.text}</mark>
    ) : (
      part.text
    ),
  );
}
