/** Doors within a door: the agencies behind the one a citizen knocks at. */
export function Doorway() {
  const arches = [0, 1, 2, 3, 4];
  return (
    <svg className="doorway" viewBox="0 0 320 360" aria-hidden="true">
      {arches.map((step) => {
        const inset = step * 28;
        const radius = 150 - inset;
        const top = 10 + inset + radius;
        return (
          <path
            key={step}
            className={`doorway-${step}`}
            d={`M${10 + inset} 360V${top}a${radius} ${radius} 0 0 1 ${radius * 2} 0V360z`}
          />
        );
      })}
    </svg>
  );
}
