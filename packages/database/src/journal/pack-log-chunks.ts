import type { LogChunk } from '@lockstep/domain';

/** Columns of chunks, and all their bytes one after another. */
export interface PackedLogChunks {
  readonly nestedIds: readonly string[];
  readonly attempts: readonly number[];
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
  readonly bytes: Buffer;
}

/** Undefined when there is nothing to store. */
export function packLogChunks(chunks: readonly LogChunk[]): PackedLogChunks | undefined {
  if (chunks.length === 0) return undefined;
  return {
    nestedIds: chunks.map(({ nestedId }) => nestedId),
    attempts: chunks.map(({ attempt }) => attempt),
    starts: chunks.map(({ startByte }) => startByte),
    lengths: chunks.map(({ bytes }) => bytes.byteLength),
    bytes: Buffer.concat(chunks.map(({ bytes }) => bytes)),
  };
}

/**
 * One chunk per (log, start), the longest, and none that are empty: a statement may not write a row twice, and an empty
 * chunk would hide the next one, which starts at the same byte.
 */
export function distinctChunks<Item>(
  items: readonly Item[],
  of: (item: Item) => { readonly log: string; readonly chunk: LogChunk },
): readonly Item[] {
  const longest = new Map<string, { item: Item; length: number }>();
  for (const item of items) {
    const { log, chunk } = of(item);
    const key = `${log}\n${chunk.nestedId}\n${chunk.attempt}\n${chunk.startByte}`;
    const length = chunk.bytes.byteLength;
    if (length > (longest.get(key)?.length ?? 0)) longest.set(key, { item, length });
  }
  return [...longest.values()].map(({ item }) => item);
}
