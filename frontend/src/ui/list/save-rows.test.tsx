import { describe, expect, it } from 'vitest';
import { cellText, csvCell } from './save-rows';

describe('saving what a list shows', () => {
  it('disarms formulas', () => {
    expect(csvCell('=HYPERLINK("x")')).toBe(`"'=HYPERLINK(""x"")"`);
    expect(csvCell('+62812')).toBe(`"'+62812"`);
    expect(csvCell('Siti "Ucu"')).toBe('"Siti ""Ucu"""');
  });

  it('reads the text of a cell', () => {
    expect(cellText(<span className="nowrap">Rp 5</span>)).toBe('Rp 5');
    expect(cellText(null)).toBe('');
    expect(cellText(['a', 1])).toBe('a1');
  });
});
