import type { ProjectFiles } from '@lockstep/domain';
import type { Knex } from 'knex';
import { TABLE } from '../tables.js';
import { inBlocks } from './in-blocks.js';

/** One row, one query, one buffer: large enough for speed, small enough for memory. Part of the stored format. */
const CHUNK_BYTES = 1 << 20;

interface FileRow {
  readonly content_hash: string;
  readonly size_bytes: number;
}

interface ChunkRow {
  readonly content_hash: string;
  readonly chunk_no: number;
  readonly data: Buffer;
}

export class PostgresProjectFiles implements ProjectFiles {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async has(contentHash: string): Promise<boolean> {
    return (await this.#size(contentHash)) !== undefined;
  }

  /** The row that says "complete" comes last, so an interrupted write is no file; the next one finds its chunks equal. */
  async write(contentHash: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    if (await this.has(contentHash)) {
      await bytes[Symbol.asyncIterator]().return?.(); // Closes what they come from.
      return;
    }
    let [chunkNo, sizeBytes] = [0, 0];
    for await (const data of inBlocks(bytes, CHUNK_BYTES)) {
      await this.#db<ChunkRow>(TABLE.projectFileChunks)
        .insert({ content_hash: contentHash, chunk_no: chunkNo++, data })
        .onConflict(['content_hash', 'chunk_no'])
        .ignore();
      sizeBytes += data.byteLength;
    }
    await this.#db<FileRow>(TABLE.projectFiles)
      .insert({ content_hash: contentHash, size_bytes: sizeBytes })
      .onConflict('content_hash')
      .ignore();
  }

  async read(contentHash: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const sizeBytes = await this.#size(contentHash);
    return sizeBytes === undefined ? undefined : this.#chunks(contentHash, sizeBytes);
  }

  async *#chunks(contentHash: string, sizeBytes: number): AsyncGenerator<Uint8Array> {
    const count = Math.ceil(sizeBytes / CHUNK_BYTES);
    for (let chunkNo = 0; chunkNo < count; chunkNo++) {
      const row = await this.#db<ChunkRow>(TABLE.projectFileChunks)
        .select('data')
        .where({ content_hash: contentHash, chunk_no: chunkNo })
        .first();
      if (row === undefined) throw new Error(`Project file ${contentHash} was removed while it was read.`);
      yield row.data;
    }
  }

  async #size(contentHash: string): Promise<number | undefined> {
    const row = await this.#db<FileRow>(TABLE.projectFiles)
      .select('size_bytes')
      .where({ content_hash: contentHash })
      .first();
    return row?.size_bytes;
  }
}
