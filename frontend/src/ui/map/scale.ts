// Which of five tones a value has: even steps between round numbers, so that a legend can be read aloud.

export const TONES = 5;

export interface Scale {
  /** Lower ends of the tones and the upper end of the last: one more than there are tones. */
  edges: number[];
  tone: (value: number) => number;
}

/** The next step of 1, 2, 2.5, 5 times a power of ten, at least as large as asked. */
function nice(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const found = [1, 2, 2.5, 5, 10].find((one) => one * power >= step * 0.999999) ?? 10;
  return found * power;
}

/** Without what binary fractions leave behind. */
const exact = (value: number) => Number(value.toPrecision(12));

/** `whole`: only whole numbers occur; a tone then ends one below where the next begins. */
export function scaleOf(values: readonly number[], whole: boolean): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  if (values.length === 0 || least === most) {
    const only = values[0] ?? 0;
    return { edges: [only, only + (whole ? 1 : 0)], tone: () => (only === 0 ? 0 : TONES - 1) };
  }
  // The end is outside the last tone when only whole numbers occur.
  const end = whole ? most + 1 : most;
  let step = 0;
  let start = least;
  for (let asked = (end - least) / TONES; start + TONES * step < end - 1e-12; asked = step * 1.01) {
    step = whole ? Math.max(1, Math.ceil(nice(asked) - 1e-9)) : nice(asked);
    start = exact(Math.floor(least / step + 1e-9) * step);
  }
  const edges = [start];
  while ((edges.at(-1) as number) < end - 1e-12) {
    edges.push(exact(start + edges.length * step));
  }
  const count = edges.length - 1;
  return {
    edges,
    tone: (value) => {
      const at = Math.min(count - 1, Math.max(0, Math.floor((value - start) / step + 1e-9)));
      return count === 1 ? TONES - 1 : Math.round((at * (TONES - 1)) / (count - 1));
    },
  };
}

/** Losses and gains on one scale, as strong as they are far from nothing: -2 … 2. */
export function changeTone(value: number, most: number): number {
  if (value === 0 || most === 0) return 0;
  return Math.sign(value) * (Math.abs(value) > most / 2 ? 2 : 1);
}
