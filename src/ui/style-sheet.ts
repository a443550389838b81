// Styles as constructed sheets: a policy without `unsafe-inline` allows them.

const sheets = new Map<string, CSSStyleSheet>();

/** The sheet of a text, made once. */
export function styleSheet(css: string): CSSStyleSheet {
  let sheet = sheets.get(css);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  return sheet;
}

/** Adds a sheet to a document or a shadow root that does not have it yet. */
export function adopt(root: DocumentOrShadowRoot, css: string): void {
  const sheet = styleSheet(css);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
