import type { Lease, LogChunk, LogChunks, LogName } from '@lockstep/domain';
import { joinChunks } from '../journal/join-chunks.js';
import type { InMemoryExecutions } from './in-memory-executions.js';

interface StoredChunk {
  readonly startByte: number;
  readonly bytes: Uint8Array;
}

/** Logs in the memory of one process. */
export class InMemoryLogChunks implements LogChunks {
  /** By log, in the order of their start. */
  readonly #logs = new Map<string, StoredChunk[]>();
  readonly #executions: InMemoryExecutions | undefined;

  /** With `executions`, chunks of a lease that no longer holds are ignored, as the port says; without, all are kept. */
  constructor(options: { readonly executions?: InMemoryExecutions } = {}) {
    this.#executions = options.executions;
  }

  async append(chunks: readonly { readonly lease: Lease; readonly chunk: LogChunk }[]): Promise<void> {
    for (const { lease, chunk } of chunks) if (this.#holds(lease)) this.#store(lease.executionId, chunk);
  }

  async read(log: LogName, { offset, length }: { offset: number; length: number }): Promise<Uint8Array> {
    const chunks = this.#logs.get(keyOf(log)) ?? [];
    return joinChunks(chunks.slice(Math.max(0, firstAfter(chunks, offset) - 1), firstAfter(chunks, offset + length)), {
      offset,
      length: Math.max(0, length),
    });
  }

  async size(log: LogName): Promise<number> {
    const last = this.#logs.get(keyOf(log))?.at(-1);
    return last ? last.startByte + last.bytes.byteLength : 0;
  }

  #holds({ executionId, workerId, ticket }: Lease): boolean {
    if (this.#executions === undefined) return true;
    const stored = this.#executions.get(executionId);
    return stored?.leaseWorker === workerId && stored.leaseTicket === ticket;
  }

  #store(executionId: number, { nestedId, attempt, startByte, bytes }: LogChunk): void {
    if (bytes.byteLength === 0) return;
    const key = keyOf({ executionId, nestedId, attempt });
    const chunks = this.#logs.get(key) ?? [];
    this.#logs.set(key, chunks);
    const position = firstAfter(chunks, startByte);
    const present = chunks[position - 1];
    const stored = { startByte, bytes: Uint8Array.from(bytes) };
    if (present?.startByte !== startByte) chunks.splice(position, 0, stored);
    else if (present.bytes.byteLength < bytes.byteLength) chunks[position - 1] = stored;
  }
}

function keyOf({ executionId, nestedId, attempt }: LogName): string {
  return `${executionId}/${attempt}/${nestedId}`;
}

/** Index of the first chunk that starts after the byte. */
function firstAfter(chunks: readonly StoredChunk[], byte: number): number {
  let [low, high] = [0, chunks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chunks[middle]?.startByte ?? 0) > byte) high = middle;
    else low = middle + 1;
  }
  return low;
}
