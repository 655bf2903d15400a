import type { ProjectFiles } from '@lockstep/domain';

export class InMemoryProjectFiles implements ProjectFiles {
  #files = new Map<string, Buffer>();

  async has(contentHash: string): Promise<boolean> {
    return this.#files.has(contentHash);
  }

  async write(contentHash: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const part of bytes) parts.push(part);
    this.#files.set(contentHash, Buffer.concat(parts));
  }

  async read(contentHash: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const bytes = this.#files.get(contentHash);
    return bytes && once(bytes);
  }

  remove(contentHash: string): void {
    this.#files.delete(contentHash);
  }

  /** Returns a function that brings back what is stored now. */
  snapshot(): () => void {
    const files = new Map(this.#files);
    return () => void (this.#files = files);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}
