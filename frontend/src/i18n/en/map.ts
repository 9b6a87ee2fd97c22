import type indonesian from '../id/map';
import type { SameKeys } from '../shape';

const map: SameKeys<typeof indonesian> = {
  map: {
    point: 'Point at an area or tap it to read its figure.',
    nothing: 'no data',
    few: 'too few to tell',
    less: 'fewer',
    same: 'the same',
    more: 'more',
    honest:
      'Each area is drawn around the centre of its kelurahan; it is no official boundary. The list has the same figures.',
  },
};

export default map;
