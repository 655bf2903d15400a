/** Rows under a head, columns padded to their widest cell; the last column is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(width)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell)),
      )
      .join('  '),
  );
}

/** Colour codes take no room. Accepts ESC [ … m. */
const COLOR_CODE = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

function width(text: string): number {
  return [...text.replace(COLOR_CODE, '')].length;
}
