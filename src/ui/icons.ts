// The pictures on buttons, as paths on a square of 24 units.

const paths = {
  chat: 'M20 11.5a7.5 7.5 0 0 1-10.9 6.7L4.5 19.5l1.3-4.4A7.5 7.5 0 1 1 20 11.5ZM9.5 10.5h6M9.5 13.5h3.5',
  send: 'M12 19V5.5M6.5 11 12 5.5l5.5 5.5',
  stop: 'M7.5 7.5h9v9h-9z',
  close: 'm6.5 6.5 11 11m0-11-11 11',
  clear: 'M19.5 12a7.5 7.5 0 1 1-2.4-5.5M19.5 4v3.5H16',
  page: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 15.5h5',
} as const;

/** Hidden from assistive technology. */
export function icon(name: keyof typeof paths): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
