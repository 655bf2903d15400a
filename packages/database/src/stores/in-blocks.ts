/** The same bytes in blocks of exactly `size`, the last one shorter; holds one block at a time. */
export async function* inBlocks(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const part of bytes) {
    for (let taken = 0; taken < part.byteLength;) {
      const length = Math.min(size - filled, part.byteLength - taken);
      block.set(part.subarray(taken, taken + length), filled);
      taken += length;
      filled += length;
      if (filled === size) {
        yield block;
        block = Buffer.allocUnsafe(size);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
