// Writes small PDF files for tests (ISO 32000-1): pages of lines in Helvetica, optionally behind a password.

export interface PdfOptions {
  title?: string;
  /** Says that the file is encrypted, with a password check that no password passes. */
  encrypted?: boolean;
}

/** A line and its distance to the line before, in points. */
export type PdfLine = string | { text: string; gap: number };

/** A PDF file with one page for each list of lines; Latin-1 characters only. */
export function writePdf(pages: readonly (readonly PdfLine[])[], { title, encrypted }: PdfOptions = {}): Uint8Array<ArrayBuffer> {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  const escaped = (text: string) => text.replace(/[\\()]/g, '\\$&');
  const pageNumbers = pages.map((_, i) => 4 + i * 2);

  add('<< /Type /Catalog /Pages 2 0 R >>');
  add(`<< /Type /Pages /Count ${pages.length} /Kids [${pageNumbers.map((number) => `${number} 0 R`).join(' ')}] >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  for (const lines of pages) {
    const content = lines
      .map((line) => (typeof line === 'string' ? { text: line, gap: 14 } : line))
      .map(({ text, gap }) => `0 -${gap} Td (${escaped(text)}) Tj`)
      .join('\n');
    const stream = lines.length > 0 ? `BT /F1 12 Tf 72 760 Td\n${content}\nET` : '0 0 100 100 re f';
    const page = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>`;
    add(`${page} /Contents ${objects.length + 2} 0 R >>`);
    add(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  }
  let trailer = `/Size ${objects.length + 3} /Root 1 0 R /ID [<${'ab'.repeat(16)}> <${'ab'.repeat(16)}>]`;
  if (title) trailer += ` /Info ${add(`<< /Title (${escaped(title)}) >>`)} 0 R`;
  if (encrypted) {
    const key = '5a'.repeat(32);
    trailer += ` /Encrypt ${add(`<< /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >>`)} 0 R`;
  }

  let file = '%PDF-1.4\n';
  const offsets = objects.map((body, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  file += offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `trailer\n<< ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(file, (character) => character.charCodeAt(0));
}
