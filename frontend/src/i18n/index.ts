// Indonesian first, English complete. Words for the first screen come with `base`; the rest (`work`)
// is fetched with the signed-in application.
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { type Language, storedLanguage, writeStored } from '~/app/prefs';

const packs = {
  base: { id: () => import('./id/base'), en: () => import('./en/base') },
  work: { id: () => import('./id'), en: () => import('./en') },
  check: { id: () => import('./id/check'), en: () => import('./en/check') },
  answer: { id: () => import('./id/answer'), en: () => import('./en/answer') },
  receivers: { id: () => import('./id/receivers'), en: () => import('./en/receivers') },
  allocation: { id: () => import('./id/allocation'), en: () => import('./en/allocation') },
  duplicates: { id: () => import('./id/duplicates'), en: () => import('./en/duplicates') },
  changes: { id: () => import('./id/changes'), en: () => import('./en/changes') },
  profiles: { id: () => import('./id/profiles'), en: () => import('./en/profiles') },
  quality: { id: () => import('./id/quality'), en: () => import('./en/quality') },
  assessments: { id: () => import('./id/assessments'), en: () => import('./en/assessments') },
  board: { id: () => import('./id/board'), en: () => import('./en/board') },
  cases: { id: () => import('./id/cases'), en: () => import('./en/cases') },
  map: { id: () => import('./id/map'), en: () => import('./en/map') },
  entry: { id: () => import('./id/entry'), en: () => import('./en/entry') },
  matching: { id: () => import('./id/matching'), en: () => import('./en/matching') },
  money: { id: () => import('./id/money'), en: () => import('./en/money') },
  decisions: { id: () => import('./id/decisions'), en: () => import('./en/decisions') },
  office: { id: () => import('./id/office'), en: () => import('./en/office') },
  overlaps: { id: () => import('./id/overlaps'), en: () => import('./en/overlaps') },
  retention: { id: () => import('./id/retention'), en: () => import('./en/retention') },
  templates: { id: () => import('./id/templates'), en: () => import('./en/templates') },
  services: { id: () => import('./id/services'), en: () => import('./en/services') },
};
type Pack = keyof typeof packs;

/** Packs that were asked for, to be fetched again in the other language. */
const wanted = new Set<Pack>(['base']);

async function add(language: Language, pack: Pack): Promise<void> {
  const words = (await packs[pack][language]()).default;
  i18next.addResourceBundle(language, 'translation', words, true, true);
}

export async function initLanguage(): Promise<void> {
  const language = storedLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    returnNull: false,
  });
  await add(language, 'base');
  // The bundle came after init, so components that already rendered must hear of it.
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function loadWords(pack: Pack): Promise<void> {
  wanted.add(pack);
  await add(currentLanguage(), pack);
}

export const loadWorkWords = () => loadWords('work');

export async function setLanguage(language: Language): Promise<void> {
  await Promise.all([...wanted].map((pack) => add(language, pack)));
  writeStored('sp.language', language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'id';
}

export type Localized = { id: string; en?: string | null | undefined };

/** Official names are data in two languages; Indonesian stands in where English is missing. */
export function pick(name: Localized | null | undefined, language: Language): string {
  if (!name) return '';
  return (language === 'en' ? name.en : name.id) || name.id;
}

export function useLanguage(): { language: Language; name: (value?: Localized | null) => string } {
  const { i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'id';
  return { language, name: (value) => pick(value, language) };
}

/** The word for a wire value such as a status; the value itself where the API is newer than us. */
export function word(group: string, value: string | null | undefined): string {
  if (!value) return '';
  const key = `${group}.${value}`;
  const exists = i18next.exists as (key: string) => boolean;
  const translate = i18next.t as unknown as (key: string) => string;
  return exists(key) ? translate(key) : value;
}
