// A map from nothing but the centres of the kelurahan: each point of the city belongs to the centre it is nearest to.
// The city needs no boundary file for it, and the drawing says that it is no survey.

export interface Site {
  code: string;
  /** What it is drawn as a part of, when the map shows the level above. */
  group: string;
  lat: number;
  lng: number;
}

type Point = readonly [number, number];

interface Corner {
  at: Point;
  /** The site on the other side of the edge that begins here; -1 at the rim of the map. */
  beyond: number;
}

export interface Cell {
  code: string;
  group: string;
  centre: Point;
  corners: Corner[];
}

export interface Drawing {
  width: number;
  height: number;
  cells: Cell[];
}

const WIDTH = 1000;
const MARGIN = 6;
/** Corners of the circle that a cell at the rim ends with. */
const ROUND = 28;
/** How far a cell reaches at most, in usual distances between neighbours. */
const REACH = 1.9;

/** East to the right, north up, kilometres alike in both directions. */
function project(sites: readonly Site[]): { points: Point[]; height: number; reach: number } {
  const mean = sites.reduce((sum, site) => sum + site.lat, 0) / (sites.length || 1);
  const squeeze = Math.cos((mean * Math.PI) / 180);
  const raw = sites.map((site): Point => [site.lng * squeeze, -site.lat]);
  const apart = raw
    .map((a) =>
      Math.min(...raw.map((b) => (a === b ? Number.POSITIVE_INFINITY : distance(a, b) || 1e-9))),
    )
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const reach = REACH * (apart[Math.floor(apart.length * 0.75)] ?? 0.01);
  const [xs, ys] = [raw.map((p) => p[0]), raw.map((p) => p[1])];
  const [left, top] = [Math.min(...xs) - reach, Math.min(...ys) - reach];
  const scale = (WIDTH - 2 * MARGIN) / (Math.max(...xs) + reach - left || 1);
  return {
    points: raw.map(([x, y]): Point => [MARGIN + (x - left) * scale, MARGIN + (y - top) * scale]),
    height: 2 * MARGIN + (Math.max(...ys) + reach - top) * scale,
    reach: reach * scale,
  };
}

const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The part of a cell that is nearer to its own centre than to another. */
function cut(corners: Corner[], centre: Point, other: Point, beyond: number): Corner[] {
  const [nx, ny] = [other[0] - centre[0], other[1] - centre[1]];
  const middle = (nx * (centre[0] + other[0]) + ny * (centre[1] + other[1])) / 2;
  const side = (p: Point) => nx * p[0] + ny * p[1] - middle;
  const kept: Corner[] = [];
  corners.forEach((corner, at) => {
    const next = corners[(at + 1) % corners.length] as Corner;
    const [here, there] = [side(corner.at), side(next.at)];
    const crossing = (): Point => {
      const part = here / (here - there);
      return [
        corner.at[0] + part * (next.at[0] - corner.at[0]),
        corner.at[1] + part * (next.at[1] - corner.at[1]),
      ];
    };
    if (here <= 0) kept.push(corner);
    // Leaving: from here on the edge is the one shared with the other.
    if (here <= 0 && there > 0) kept.push({ at: crossing(), beyond });
    if (here > 0 && there <= 0) kept.push({ at: crossing(), beyond: corner.beyond });
  });
  return kept;
}

export function draw(sites: readonly Site[]): Drawing {
  if (sites.length === 0) return { width: WIDTH, height: 0, cells: [] };
  const { points, height, reach } = project(sites);
  const cells = sites.map(({ code, group }, own): Cell => {
    const centre = points[own] as Point;
    const near = points
      .map((at, index) => ({ at, index, away: distance(at, centre) }))
      .filter((one) => one.index !== own && one.away > 0 && one.away < 2 * reach)
      .sort((a, b) => a.away - b.away);
    let corners = Array.from({ length: ROUND }, (_, at): Corner => {
      const angle = (2 * Math.PI * at) / ROUND;
      return {
        at: [centre[0] + reach * Math.cos(angle), centre[1] + reach * Math.sin(angle)],
        beyond: -1,
      };
    });
    for (const one of near) corners = cut(corners, centre, one.at, one.index);
    return { code, group, centre, corners };
  });
  return { width: WIDTH, height, cells };
}

const round = (value: number) => Math.round(value * 10) / 10;
const text = ([x, y]: Point) => `${round(x)} ${round(y)}`;

/** The filled area of some cells, as a path. */
export const areaPath = (cells: readonly Cell[]) =>
  cells.map((cell) => `M${cell.corners.map((corner) => text(corner.at)).join('L')}Z`).join('');

/** The lines where what `by` says changes from one cell to the next, and the rim. */
export function borderPath(
  drawing: Drawing,
  by: (cell: Cell) => string,
  only?: (cell: Cell) => boolean,
): string {
  return drawing.cells
    .filter((cell) => !only || only(cell))
    .flatMap((cell) =>
      cell.corners.map((corner, at) => {
        const other = drawing.cells[corner.beyond];
        if (other && by(other) === by(cell)) return '';
        const next = cell.corners[(at + 1) % cell.corners.length] as Corner;
        return `M${text(corner.at)}L${text(next.at)}`;
      }),
    )
    .join('');
}

/** Where a name stands: the middle of what belongs together. */
export function middle(cells: readonly Cell[]): Point {
  const sum = cells.reduce<Point>(
    ([x, y], cell) => [x + cell.centre[0], y + cell.centre[1]],
    [0, 0],
  );
  return [sum[0] / (cells.length || 1), sum[1] / (cells.length || 1)];
}
