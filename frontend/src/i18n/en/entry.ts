import type indonesian from '../id/entry';
import type { SameKeys } from '../shape';

const entry: SameKeys<typeof indonesian> = {
  likely: {
    found: '{{count}} recorded already who may be the same person',
    all_decided: 'All who look alike were said to be somebody else',
    why: 'Compare first: one person, one record.',
    must: 'Not saved yet. Decide about everybody below, then save again.',
    band: {
      certain: 'Almost certainly the same',
      likely: 'Very likely the same',
      possible: 'Possibly the same',
    },
    share: '{{share}} % alike',
    same_nik: 'Same NIK',
    moved: 'has moved away',
    typed: 'As typed',
    recorded: 'As recorded',
    field_name: 'Field',
    not_known: 'not known',
    agreement: { same: 'same', similar: 'similar', different: 'different' },
    other: 'Somebody else',
    is_other: 'somebody else',
    again: 'Change',
    reason: 'Why is it not {{name}}?',
    reason_hint: 'For example another mother, or another family card. It is not asked again.',
    confirm: 'Say it is somebody else',
  },
  likely_field: {
    name: 'Name',
    nik: 'NIK',
    birth_date: 'Birth date',
    sex: 'Sex',
    mother_name: "Mother's name",
    address: 'Address',
  },
};

export default entry;
