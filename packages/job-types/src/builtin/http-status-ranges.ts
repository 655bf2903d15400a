/** Both ends included. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** Reads `200`, `200,204` or `200-299,304`; throws an error that names what it cannot read. */
export function parseStatusRanges(text: string): readonly StatusRange[] {
  return text.split(',').map((piece) => {
    // A code of three digits, or two of them joined by "-".
    const match = /^\s*([1-5]\d\d)\s*(?:-\s*([1-5]\d\d)\s*)?$/.exec(piece);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (match === null || to < from) {
      throw new Error(
        `The property http.expected.status has "${piece}", which is not a status such as 200 or a range such as 200-299.`,
      );
    }
    return { from, to };
  });
}
