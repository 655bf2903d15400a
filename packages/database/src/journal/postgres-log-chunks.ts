import type { Lease, LogChunk, LogChunks, LogName } from '@lockstep/domain';
import type { Pool } from 'pg';
import { joinChunks } from './join-chunks.js';
import { distinctChunks, packLogChunks } from './pack-log-chunks.js';

const APPEND = {
  name: 'lockstep append log chunks',
  text: 'select append_log_chunks($1, $2, $3, $4, $5, $6, $7, $8)',
};

/** From the last chunk that starts at or before the offset: both ends of the range are found in the primary key. */
const READ = {
  name: 'lockstep read log',
  text: `
    select start_byte, data from log_chunks
    where execution_id = $1 and nested_id = $2 and attempt = $3 and start_byte < $5
      and start_byte >= coalesce((
        select max(start_byte) from log_chunks
        where execution_id = $1 and nested_id = $2 and attempt = $3 and start_byte <= $4), $4)
    order by start_byte`,
};

const SIZE = {
  name: 'lockstep size of log',
  text: `
    select end_byte from log_chunks
    where execution_id = $1 and nested_id = $2 and attempt = $3 order by start_byte desc limit 1`,
};

export class PostgresLogChunks implements LogChunks {
  readonly #pool: Pool;

  constructor(database: { pool: Pool }) {
    this.#pool = database.pool;
  }

  async append(chunks: readonly { readonly lease: Lease; readonly chunk: LogChunk }[]): Promise<void> {
    const distinct = distinctChunks(chunks, ({ lease, chunk }) => ({
      log: `${lease.executionId}/${lease.ticket}`,
      chunk,
    }));
    const packed = packLogChunks(distinct.map(({ chunk }) => chunk));
    if (packed === undefined) return;
    await this.#pool.query({
      ...APPEND,
      values: [
        distinct.map(({ lease }) => lease.executionId),
        distinct.map(({ lease }) => lease.workerId),
        distinct.map(({ lease }) => lease.ticket),
        packed.nestedIds,
        packed.attempts,
        packed.starts,
        packed.lengths,
        packed.bytes,
      ],
    });
  }

  async read(log: LogName, { offset, length }: { offset: number; length: number }): Promise<Uint8Array> {
    if (length <= 0) return new Uint8Array();
    const { rows } = await this.#pool.query<{ start_byte: number; data: Buffer }>({
      ...READ,
      values: [log.executionId, log.nestedId, log.attempt, offset, offset + length],
    });
    return joinChunks(
      rows.map(({ start_byte, data }) => ({ startByte: start_byte, bytes: data })),
      { offset, length },
    );
  }

  async size(log: LogName): Promise<number> {
    const { rows } = await this.#pool.query<{ end_byte: number }>({
      ...SIZE,
      values: [log.executionId, log.nestedId, log.attempt],
    });
    return rows[0]?.end_byte ?? 0;
  }
}
