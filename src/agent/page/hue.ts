// Hues of colours.

/** Hues of the colours that have one, in degrees. */
export const hues: Readonly<Record<string, number>> = {
  red: 0,
  orange: 32,
  yellow: 58,
  green: 120,
  cyan: 180,
  blue: 235,
  purple: 280,
  magenta: 310,
};

/** Hue of a colour like `#rrggbb` in degrees, 0–360; undefined for greys. */
export function hueOf(hex: string): number | undefined {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
  const [high, low] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  if (high - low < 12) return undefined;
  const sector =
    high === red
      ? (green - blue) / (high - low) + 6
      : high === green
        ? (blue - red) / (high - low) + 2
        : (red - green) / (high - low) + 4;
  return (sector % 6) * 60;
}
