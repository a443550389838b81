// Colours as a page computes them: their channels, how far apart they are, and what people call them.

/** Red, green and blue from 0 to 255, alpha from 0 to 1. */
export interface Color {
  red: number;
  green: number;
  blue: number;
  alpha: number;
}

/** What is behind everything. */
export const white: Color = { red: 255, green: 255, blue: 255, alpha: 1 };

/** A computed colour, `rgb(…)` or `rgba(…)`; undefined for anything else, such as `none` or another colour space. */
export function parseColor(text: string): Color | undefined {
  const match = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+)(%?))?\s*\)$/.exec(text);
  if (!match) return undefined;
  const alpha = match[4] === undefined ? 1 : Number(match[4]) / (match[5] ? 100 : 1);
  return { red: Number(match[1]), green: Number(match[2]), blue: Number(match[3]), alpha };
}

/** A colour drawn over an opaque one. */
export function over({ alpha, ...front }: Color, back: Color): Color {
  const mix = (channel: 'red' | 'green' | 'blue') => front[channel] * alpha + back[channel] * (1 - alpha);
  return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
}

/** Relative luminance by WCAG 2.2, 0–1. */
function luminance({ red, green, blue }: Color): number {
  const linear = (channel: number) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Whether a text of one colour cannot be seen on the other: no contrast (WCAG 2.2), and hardly any difference in a channel. */
export function isUnreadable(front: Color, back: Color): boolean {
  const drawn = over(front, back);
  const [low, high] = [luminance(drawn), luminance(back)].sort((first, second) => first - second);
  const difference = Math.max(
    Math.abs(drawn.red - back.red),
    Math.abs(drawn.green - back.green),
    Math.abs(drawn.blue - back.blue),
  );
  return (high! + 0.05) / (low! + 0.05) < 1.1 && difference < 16;
}

/** As `#rrggbb`, without alpha. */
export function hex({ red, green, blue }: Color): string {
  return `#${[red, green, blue].map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** What people call it: one of the eleven basic colour terms (Berlin and Kay 1969), or cyan or magenta. */
export function colorName({ red, green, blue }: Color): string {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  const lightness = (high + low) / 510;
  const chroma = (high - low) / 255;
  if (lightness < 0.08) return 'black';
  if (lightness > 0.96) return 'white';
  if (chroma < 0.09) return 'gray';
  const sixth =
    (high === red
      ? (green - blue) / (high - low) + 6
      : high === green
        ? (blue - red) / (high - low) + 2
        : (red - green) / (high - low) + 4) % 6;
  const hue = sixth * 60;
  if (hue < 12 || hue >= 345) return lightness > 0.72 ? 'pink' : chroma < 0.5 && lightness < 0.45 ? 'brown' : 'red';
  if (hue < 45) return lightness < 0.42 ? 'brown' : 'orange';
  if (hue < 68) return 'yellow';
  if (hue < 165) return 'green';
  if (hue < 195) return 'cyan';
  if (hue < 255) return 'blue';
  if (hue < 290) return 'purple';
  if (hue < 325) return lightness < 0.35 ? 'purple' : 'magenta';
  return 'pink';
}
