// What conditions may speak of: the catalogue of facts and the lists behind it, in the reader's language.
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useMemo } from 'react';
import { getAll, type Option, useCodes, useRegions } from '~/api/reference';
import type { Program } from '~/api/types';
import { useLanguage } from '~/i18n';
import type { RuleFact } from './types';

export interface Vocabulary {
  facts: Map<string, RuleFact>;
  /** Facts of a household or of a person, by theme. */
  choices: (subject: RuleFact['subject']) => { theme: string; items: Option[] }[];
  label: (fact: string) => string;
  codes: (fact: string) => Option[];
  needs: Option[];
  ppks: Option[];
  classes: Option[];
  regions: Option[];
  ready: boolean;
}

const Context = createContext<Vocabulary | null>(null);

const themes: [string, RegExp][] = [
  ['assets', /^asset_/],
  ['livestock', /^livestock_/],
  [
    'house',
    /^(house_status|land_proof|floor|wall|roof|water|lighting|power|cooking|toilet|closet|sewage|floor_area)$/,
  ],
  ['household', /^(household_kind|has_family_card)$/],
  ['school', /^(school_participation|education_level|diploma)$/],
  ['work', /^(working|work_status|job_sector|owns_business|business_sector|turnover|occupation)$/],
  [
    'disability',
    /^(disability_kind|seeing|hearing|walking|hands|remembering|self_care|communicating|learning|behaviour|depression)$/,
  ],
  ['health', /^(nutrition|illness|insurance|pbi_national|pbi_regional)$/],
];
const themeOf = (name: string) => themes.find(([, names]) => names.test(name))?.[0] ?? 'person';

const restrictedIn = (entries: { code: string; sensitivity: string }[]) =>
  new Set(entries.filter((entry) => entry.sensitivity !== 'open').map((entry) => entry.code));

export function VocabularyProvider({
  restricted,
  children,
}: {
  /** Whether the program may speak of what is restricted. */
  restricted: boolean;
  children: ReactNode;
}) {
  const { name, language } = useLanguage();
  const needs = useCodes('needs');
  const ppks = useCodes('ppks_types');
  const classes = useCodes('overlap_classes');
  const regions = useRegions();
  const query = useQuery({
    queryKey: ['rule-facts'],
    queryFn: () => getAll<RuleFact>('/rule-facts'),
    staleTime: 30 * 60_000,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `name` changes with the language
  const value = useMemo((): Vocabulary => {
    const all = query.data ?? [];
    const facts = new Map(all.map((fact) => [fact.name, fact]));
    const open = (list: ReturnType<typeof useCodes>): Option[] => {
      const hidden = restricted ? new Set<string>() : restrictedIn(list.entries);
      return list.options.filter((option) => !hidden.has(option.value));
    };
    return {
      facts,
      ready: query.isSuccess,
      label: (fact) => name(facts.get(fact)?.label) || fact,
      codes: (fact) =>
        (facts.get(fact)?.codes ?? [])
          .filter((code) => restricted || !code.restricted)
          .map((code) => ({ value: code.code, label: name(code.label) })),
      choices: (subject) => {
        const found = new Map<string, Option[]>();
        for (const fact of all.filter((item) => item.subject === subject)) {
          const theme = themeOf(fact.name);
          const label = name(fact.label);
          const option = {
            value: fact.name,
            label: label.charAt(0).toUpperCase() + label.slice(1),
          };
          found.set(theme, [...(found.get(theme) ?? []), option]);
        }
        return [...found].map(([theme, items]) => ({ theme, items }));
      },
      needs: open(needs),
      ppks: open(ppks),
      classes: open(classes),
      regions: [
        ...regions.options('kecamatan').map((item) => ({ ...item, label: `Kec. ${item.label}` })),
        ...regions.kelurahan,
      ],
    };
  }, [query.data, query.isSuccess, needs, ppks, classes, regions, restricted, language]);
  return <Context value={value}>{children}</Context>;
}

export function useVocabulary(): Vocabulary {
  const value = use(Context);
  if (!value) throw new Error('no vocabulary around this');
  return value;
}

/** Programs by code, for conditions about what somebody receives; fetched when such a condition is open. */
export function useProgramOptions(): Option[] {
  const { name } = useLanguage();
  const query = useQuery({
    queryKey: ['programs', 'by-code'],
    queryFn: () => getAll<Program>('/programs', { status: 'published' }),
    staleTime: 10 * 60_000,
  });
  return (query.data ?? []).map((item) => ({
    value: item.code,
    label: `${name(item.name)} (${item.code})`,
  }));
}
