import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en';
import enAllocation from './en/allocation';
import enAssessments from './en/assessments';
import enBase from './en/base';
import enBoard from './en/board';
import enCases from './en/cases';
import enChanges from './en/changes';
import enCheck from './en/check';
import enDecisions from './en/decisions';
import enDuplicates from './en/duplicates';
import enEntry from './en/entry';
import enMap from './en/map';
import enMatching from './en/matching';
import enMoney from './en/money';
import enOffice from './en/office';
import enOverlaps from './en/overlaps';
import enProfiles from './en/profiles';
import enQuality from './en/quality';
import enRetention from './en/retention';
import enServices from './en/services';
import id from './id';
import idAllocation from './id/allocation';
import idAssessments from './id/assessments';
import idBase from './id/base';
import idBoard from './id/board';
import idCases from './id/cases';
import idChanges from './id/changes';
import idCheck from './id/check';
import idDecisions from './id/decisions';
import idDuplicates from './id/duplicates';
import idEntry from './id/entry';
import idMap from './id/map';
import idMatching from './id/matching';
import idMoney from './id/money';
import idOffice from './id/office';
import idOverlaps from './id/overlaps';
import idProfiles from './id/profiles';
import idQuality from './id/quality';
import idRetention from './id/retention';
import idServices from './id/services';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

const indonesian = flat({
  ...idBase,
  ...idCheck,
  ...idMoney,
  ...idOffice,
  ...idOverlaps,
  ...idRetention,
  ...idServices,
  ...idBoard,
  ...idCases,
  ...idEntry,
  ...idMap,
  ...idMatching,
  ...idDecisions,
  ...idAllocation,
  ...idDuplicates,
  ...idChanges,
  ...idProfiles,
  ...idQuality,
  ...idAssessments,
  ...id,
} as unknown as Tree);
const english = flat({
  ...enBase,
  ...enCheck,
  ...enMoney,
  ...enOffice,
  ...enOverlaps,
  ...enRetention,
  ...enServices,
  ...enBoard,
  ...enCases,
  ...enEntry,
  ...enMap,
  ...enMatching,
  ...enDecisions,
  ...enAllocation,
  ...enDuplicates,
  ...enChanges,
  ...enProfiles,
  ...enQuality,
  ...enAssessments,
  ...en,
} as unknown as Tree);
const holes = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'gen' || name === 'i18n' ? [] : sources(path);
    return /\.tsx?$/.test(name) && !name.includes('.test.') ? [path] : [];
  });
}

describe('words', () => {
  it('has every key in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...indonesian.keys()].sort());
  });

  it('has no empty text', () => {
    const empty = [...indonesian, ...english].filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });

  it('fills the same holes in both languages', () => {
    for (const [key, text] of indonesian)
      expect([key, holes(english.get(key) ?? '')]).toEqual([key, holes(text)]);
  });

  it('keeps no key that no screen uses', () => {
    const code = sources('src')
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    // Groups that are looked up by a wire value: word('role', …), t(`places.${place}`).
    const groups = new Set(
      [...code.matchAll(/(?:word\(\s*'([\w.]+)'|group="([\w.]+)"|[`']([\w.]+)\.\$\{)/g)].map(
        (match) => match[1] ?? match[2] ?? match[3],
      ),
    );
    groups.add('problem');
    groups.add('field');
    const unused = [...indonesian.keys()].filter((key) => {
      const group = key.slice(0, key.lastIndexOf('.'));
      return !groups.has(group) && !code.includes(`'${key}'`);
    });
    expect(unused).toEqual([]);
  });
});
