// The city as areas around the centres of its kelurahan, toned by a figure. It repeats what the list beside it says, for
// the eye: keyboards and screen readers have the list.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { areaPath, borderPath, type Cell, draw, middle } from './geometry';
import { changeTone, scaleOf } from './scale';
import './map.css';

export interface Place {
  /** Kecamatan or kelurahan, dotted. */
  code: string;
  /** Null where the number is too small for this reader. */
  value: number | null;
  /** The figure as it is told, in words. */
  told: string;
}

export interface RegionMapProps {
  level: 'kecamatan' | 'kelurahan';
  places: Place[];
  /** What a stronger tone means. */
  meaning: string;
  format: (value: number) => string;
  /** `change`: losses and gains; `share`: parts of one; else whole numbers. */
  kind?: 'share' | 'count' | 'change';
  /** What an area without a figure means, where it is known. */
  absent?: string;
  chosen?: string | undefined;
  onChoose?: (code: string) => void;
}

/** Fewer areas than this are no map. */
const ENOUGH = 3;
/** Longer names take a line for every word. */
const LETTERS = 9;

export default function RegionMap(props: RegionMapProps) {
  const { level, places, meaning, kind = 'count', chosen, onChoose } = props;
  const { t } = useTranslation();
  const regions = useRegions();
  const [over, setOver] = useState<string>();
  const drawing = useMemo(() => {
    const kelurahan = regions.all.filter(
      (region) => region.in_city && region.level === 'kelurahan',
    );
    return draw(
      kelurahan.flatMap(({ code, parent_code, lat, lng }) =>
        lat === null || lng === null ? [] : [{ code, group: parent_code ?? '', lat, lng }],
      ),
    );
  }, [regions.all]);
  const by = (cell: Cell) => (level === 'kelurahan' ? cell.code : cell.group);
  const areas = useMemo(() => {
    const found = new Map<string, Cell[]>();
    for (const cell of drawing.cells) {
      const key = level === 'kelurahan' ? cell.code : cell.group;
      found.set(key, [...(found.get(key) ?? []), cell]);
    }
    return [...found];
  }, [drawing, level]);
  const byCode = new Map(places.map((place) => [place.code, place]));
  if (places.length < ENOUGH || areas.length < ENOUGH) return null;

  const tone = toner(places, kind);
  const shown = over ?? chosen;
  const told = shown === undefined ? undefined : byCode.get(shown);
  return (
    <figure className="region-map" aria-hidden="true">
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${drawing.width} ${Math.round(drawing.height)}`}
        data-chooses={onChoose ? true : undefined}
        onPointerLeave={() => setOver(undefined)}
      >
        <defs>
          <pattern id="region-map-few" width="10" height="10" patternUnits="userSpaceOnUse">
            <path d="M0 10L10 0M-2 2L2 -2M8 12L12 8" className="map-hatch" />
          </pattern>
        </defs>
        {areas.map(([code, cells]) => {
          const place = byCode.get(code);
          const named = place ? (place.value === null ? 'few' : tone(place.value)) : 'none';
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list beside the map has the same buttons
            <path
              key={code}
              d={areaPath(cells)}
              className={`map-area map-${named}`}
              data-region={code}
              onPointerEnter={() => setOver(code)}
              onPointerDown={() => setOver(code)}
              onClick={() => place && onChoose?.(code)}
            />
          );
        })}
        {level === 'kelurahan' && (
          <path d={borderPath(drawing, by)} className="map-border map-border-thin" />
        )}
        <path d={borderPath(drawing, (cell) => cell.group)} className="map-border" />
        {shown !== undefined && (
          <path
            d={borderPath(drawing, by, (cell) => by(cell) === shown)}
            className="map-border map-border-shown"
          />
        )}
        <Names cells={drawing.cells} />
      </svg>
      <figcaption>
        <p className="map-told">
          {shown === undefined ? (
            <span className="muted">{t('map.point')}</span>
          ) : (
            <>
              <strong>{regions.full(shown)}</strong>:{' '}
              {told?.told ?? props.absent ?? t('map.nothing')}
            </>
          )}
        </p>
        <Legend {...props} kind={kind} meaning={meaning} />
        <p className="muted small">{t('map.honest')}</p>
      </figcaption>
    </figure>
  );
}

function toner(places: Place[], kind: 'share' | 'count' | 'change'): (value: number) => string {
  const values = places.flatMap((place) => (place.value === null ? [] : [place.value]));
  if (kind === 'change') {
    const most = Math.max(0, ...values.map(Math.abs));
    return (value) => `change${changeTone(value, most)}`;
  }
  const scale = scaleOf(values, kind === 'count');
  return (value) => `tone${scale.tone(value)}`;
}

interface Name {
  code: string;
  lines: string[];
  at: readonly [number, number];
}

const LINE = 18;
const LETTER = 8.6;

/** The kecamatan, a line for every word of the long ones; a name that would lie on another is left to the readout. */
export function placed(names: Name[]): Name[] {
  const boxes: [number, number, number, number][] = [];
  return names.filter(({ lines, at: [x, y] }) => {
    const half = (Math.max(...lines.map((line) => line.length)) * LETTER) / 2;
    const high = (lines.length * LINE) / 2;
    const box = [x - half, y - high, x + half, y + high] as [number, number, number, number];
    const free = boxes.every(
      (other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3],
    );
    if (free) boxes.push(box);
    return free;
  });
}

function Names({ cells }: { cells: Cell[] }) {
  const regions = useRegions();
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) groups.set(cell.group, [...(groups.get(cell.group) ?? []), cell]);
  const names = [...groups].map(([code, own]): Name => {
    const name = regions.name(code);
    return { code, lines: name.length > LETTERS ? name.split(' ') : [name], at: middle(own) };
  });
  return (
    <g className="map-names">
      {placed(names).map(({ code, lines, at: [x, y] }) => (
        <text key={code} x={x} y={y - ((lines.length - 1) * LINE) / 2}>
          {lines.map((line, at) => (
            <tspan key={line} x={x} dy={at === 0 ? 0 : LINE}>
              {line}
            </tspan>
          ))}
        </text>
      ))}
    </g>
  );
}

function Legend({ places, kind, meaning, format, absent }: RegionMapProps) {
  const { t } = useTranslation();
  const values = places.flatMap((place) => (place.value === null ? [] : [place.value]));
  const few = places.some((place) => place.value === null);
  const items: [string, string][] = [];
  if (kind === 'change') {
    if (values.some((value) => value < 0)) items.push(['change-2', t('map.less')]);
    if (values.some((value) => value === 0)) items.push(['change0', t('map.same')]);
    if (values.some((value) => value > 0)) items.push(['change2', t('map.more')]);
  } else if (values.length > 0) {
    const { edges, tone } = scaleOf(values, kind === 'count');
    for (const [at, edge] of edges.slice(0, -1).entries()) {
      const to = edges[at + 1] ?? edge;
      const last = kind === 'count' ? to - 1 : to;
      const label = edge === last ? format(edge) : `${format(edge)}–${format(last)}`;
      items.push([`tone${tone(edge + (last - edge) / 2)}`, label]);
    }
  }
  if (few) items.push(['few', t('map.few')]);
  if (absent) items.push(['none', absent]);
  return (
    <div className="map-legend">
      <span className="strong">{meaning}</span>
      <ul>
        {items.map(([tone, label]) => (
          <li key={tone + label}>
            <svg aria-hidden="true" viewBox="0 0 20 14" width="20" height="14">
              <rect width="20" height="14" rx="3" className={`map-area map-${tone}`} />
            </svg>
            {label}
          </li>
        ))}
      </ul>
    </div>
  );
}
