import { describe, expect, it } from 'vitest';
import { areaPath, borderPath, draw, type Site } from './geometry';
import { changeTone, scaleOf, TONES } from './scale';

// Four by three centres of two groups, west and east.
const sites: Site[] = Array.from({ length: 12 }, (_, at) => ({
  code: String(at),
  group: at % 4 < 2 ? 'west' : 'east',
  lat: -6.9 + 0.01 * Math.floor(at / 4),
  lng: 107.6 + 0.01 * (at % 4),
}));

const area = (corners: { at: readonly [number, number] }[]) =>
  Math.abs(
    corners.reduce((sum, { at }, index) => {
      const next = corners[(index + 1) % corners.length]?.at ?? at;
      return sum + at[0] * next[1] - next[0] * at[1];
    }, 0),
  ) / 2;

describe('the map', () => {
  it('gives every centre a cell around it, north up and east right', () => {
    const { cells, width, height } = draw(sites);
    expect(cells.map((cell) => cell.code)).toEqual(sites.map((site) => site.code));
    for (const cell of cells) {
      expect(cell.corners.length).toBeGreaterThanOrEqual(3);
      expect(area(cell.corners)).toBeGreaterThan(0);
      for (const { at } of cell.corners) {
        expect(at[0]).toBeGreaterThanOrEqual(0);
        expect(at[0]).toBeLessThanOrEqual(width);
        expect(at[1]).toBeGreaterThanOrEqual(0);
        expect(at[1]).toBeLessThanOrEqual(height);
      }
    }
    expect(cells[3]?.centre[0]).toBeGreaterThan(cells[0]?.centre[0] ?? 0);
    expect(cells[8]?.centre[1]).toBeLessThan(cells[0]?.centre[1] ?? 0);
  });

  it('holds every corner at its nearest centre', () => {
    const { cells } = draw(sites);
    for (const cell of cells) {
      for (const { at } of cell.corners) {
        const away = (centre: readonly [number, number]) =>
          Math.hypot(at[0] - centre[0], at[1] - centre[1]);
        const nearest = Math.min(...cells.map((other) => away(other.centre)));
        expect(away(cell.centre)).toBeLessThan(nearest + 1e-6);
      }
    }
  });

  it('draws a border only where the group changes', () => {
    const drawing = draw(sites);
    const lines = (path: string) => path.split('M').length - 1;
    const all = lines(borderPath(drawing, (cell) => cell.code));
    const groups = lines(borderPath(drawing, (cell) => cell.group));
    const rim = lines(borderPath(drawing, () => 'one'));
    expect(rim).toBeLessThan(groups);
    expect(groups).toBeLessThan(all);
    // Three rows meet at the middle, each line drawn from both sides; where four cells meet in a point, some are dots.
    expect(groups - rim).toBeGreaterThanOrEqual(6);
    expect((groups - rim) % 2).toBe(0);
    expect(lines(areaPath(drawing.cells))).toBe(12);
  });

  it('bears one place, none, and two on one spot', () => {
    expect(draw([]).cells).toEqual([]);
    expect(draw(sites.slice(0, 1)).cells[0]?.corners.length).toBeGreaterThan(8);
    const twice = draw([sites[0] as Site, { ...(sites[0] as Site), code: 'again' }]);
    for (const cell of twice.cells) {
      for (const { at } of cell.corners) expect(at.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('the tones', () => {
  it('go up with the value and use round edges', () => {
    const scale = scaleOf([3, 18, 47, 96], true);
    expect(scale.edges).toEqual([0, 20, 40, 60, 80, 100]);
    expect([3, 19, 20, 47, 96, 99].map(scale.tone)).toEqual([0, 0, 1, 2, 4, 4]);
    // Small numbers have a tone each.
    const small = scaleOf([0, 2, 1], true);
    expect(small.edges).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2].map(small.tone)).toEqual([0, 2, 4]);
    expect(scaleOf([0.6, 1], false).edges).toEqual([0.6, 0.7, 0.8, 0.9, 1]);
  });
  it('cover the least and the most whatever they are', () => {
    for (const values of [
      [0.07, 0.31],
      [19, 101],
      [0, 1],
      [5, 5],
      [1, 2, 3],
      [999_999, 3_000_001],
    ]) {
      const { edges, tone } = scaleOf(values, values.every(Number.isInteger));
      expect(edges.length - 1).toBeLessThanOrEqual(TONES);
      for (const value of values) {
        expect(edges[0]).toBeLessThanOrEqual(value);
        expect(edges.at(-1)).toBeGreaterThanOrEqual(value);
        expect(tone(value)).toBeGreaterThanOrEqual(0);
        expect(tone(value)).toBeLessThan(TONES);
      }
      expect(tone(Math.max(...values))).toBeGreaterThanOrEqual(tone(Math.min(...values)));
    }
  });
  it('tell gains from losses', () => {
    expect([-10, -4, 0, 3, 9].map((value) => changeTone(value, 10))).toEqual([-2, -1, 0, 1, 2]);
  });
});
