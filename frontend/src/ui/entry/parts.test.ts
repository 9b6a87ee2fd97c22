import { describe, expect, it } from 'vitest';
import { parts } from './parts';

const marked = (a: string, b: string) =>
  parts(a, b)
    .map((part) => (part.differs ? `[${part.text}]` : part.text))
    .join('');

describe('where two texts differ', () => {
  it('marks the letters between what both begin and end with', () => {
    expect(marked('Siti Rohmah', 'Siti Rahmah')).toBe('Siti R[o]hmah');
    expect(marked('1980-05-17', '1980-05-18')).toBe('1980-05-1[7]');
  });
  it('marks what one has and the other has not', () => {
    expect(marked('Siti Aminah', 'Siti')).toBe('Siti[ Aminah]');
    expect(marked('Siti', 'Siti Aminah')).toBe('Siti');
    expect(marked('aaa', 'aa')).toBe('aa[a]');
  });
  it('leaves equal texts and mere capitals alone, and marks all of strangers', () => {
    expect(marked('Budi', 'Budi')).toBe('Budi');
    expect(marked('BUDI', 'Budi')).toBe('BUDI');
    expect(marked('Budi', 'Siti')).toBe('[Bud]i');
    expect(marked('Wawan', 'Eko')).toBe('[Wawan]');
  });
});
