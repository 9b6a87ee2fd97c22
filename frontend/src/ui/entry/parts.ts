// Pure: where two texts differ, so that the eye finds one changed letter in a long name.

export interface Part {
  text: string;
  differs: boolean;
}

/** The first text, cut at what it does not share with the other: beginning and end in common stay plain. */
export function parts(text: string, other: string): Part[] {
  if (text === other) return [{ text, differs: false }];
  const [a, b] = [[...text], [...other]];
  const alike = (x: string | undefined, y: string | undefined) =>
    x !== undefined && y !== undefined && x.toLocaleLowerCase() === y.toLocaleLowerCase();
  let head = 0;
  while (head < Math.min(a.length, b.length) && alike(a[head], b[head])) head += 1;
  let tail = 0;
  while (
    tail < Math.min(a.length, b.length) - head &&
    alike(a[a.length - 1 - tail], b[b.length - 1 - tail])
  ) {
    tail += 1;
  }
  const cut = [
    { text: a.slice(0, head).join(''), differs: false },
    { text: a.slice(head, a.length - tail).join(''), differs: true },
    { text: a.slice(a.length - tail).join(''), differs: false },
  ];
  return cut.filter((part) => part.text !== '');
}
