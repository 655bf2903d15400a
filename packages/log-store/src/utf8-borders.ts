/**
 * Bytes of a UTF-8 sequence that begins in `bytes` before `end` and goes on past it: how many of them lie before `end`,
 * and how many are missing. Undefined when `end` is a border between characters, or inside bytes that are no UTF-8.
 */
export function sequenceOver(bytes: Uint8Array, end: number): { before: number; missing: number } | undefined {
  for (let before = 1; before <= 3 && before <= end; before++) {
    const byte = bytes[end - before] ?? 0;
    if (isContinuation(byte)) continue;
    const missing = sequenceLength(byte) - before;
    return missing > 0 ? { before, missing } : undefined;
  }
  return undefined;
}

export function isContinuation(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}

/** Length of the sequence a first byte announces; 1 for ASCII and for bytes that cannot begin one. */
function sequenceLength(firstByte: number): number {
  if (firstByte >= 0xc2 && firstByte <= 0xdf) return 2;
  if (firstByte >= 0xe0 && firstByte <= 0xef) return 3;
  if (firstByte >= 0xf0 && firstByte <= 0xf4) return 4;
  return 1;
}
