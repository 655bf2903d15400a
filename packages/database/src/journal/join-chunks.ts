/**
 * The bytes of a range out of chunks in the order of their start. Chunks may overlap (written twice after a takeover);
 * where one is missing the range ends, because a reader goes on at offset + length and must not skip anything.
 */
export function joinChunks(
  chunks: readonly { readonly startByte: number; readonly bytes: Uint8Array }[],
  { offset, length }: { offset: number; length: number },
): Uint8Array {
  const parts: Uint8Array[] = [];
  let position = offset;
  for (const { startByte, bytes } of chunks) {
    if (startByte > position) break;
    const part = bytes.subarray(position - startByte, offset + length - startByte);
    parts.push(part);
    position += part.byteLength;
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}
