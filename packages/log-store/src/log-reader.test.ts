import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LEASE, createMemoryLogChunks } from './fixtures/memory-log-chunks.js';
import { createLogReader } from './log-reader.js';
import type { LogReader } from './log-reader.js';

const LOG = { executionId: LEASE.executionId, nestedId: 'job', attempt: 0 };

function readerOf(whole: Uint8Array, chunkBytes = 7): LogReader {
  const chunks = createMemoryLogChunks();
  for (let startByte = 0; startByte < whole.length; startByte += chunkBytes) {
    chunks.add({ nestedId: 'job', attempt: 0, startByte, bytes: whole.subarray(startByte, startByte + chunkBytes) });
  }
  return createLogReader({ chunks });
}

describe('reading a slice of a log', () => {
  const text = 'a€b😀cé';
  // a 0 · € 1-3 · b 4 · 😀 5-8 · c 9 · é 10-11
  const cases: readonly [offset: number, length: number, answer: { offset: number; length: number; text: string }][] = [
    [0, 12, { offset: 0, length: 12, text }],
    [0, 9_999_999, { offset: 0, length: 12, text }],
    [0, 2, { offset: 0, length: 1, text: 'a' }],
    [1, 3, { offset: 1, length: 3, text: '€' }],
    [2, 3, { offset: 4, length: 1, text: 'b' }],
    [3, 1, { offset: 4, length: 1, text: 'b' }],
    [5, 1, { offset: 5, length: 4, text: '😀' }],
    [6, 2, { offset: 9, length: 1, text: 'c' }],
    [4, 4, { offset: 4, length: 1, text: 'b' }],
    [12, 10, { offset: 12, length: 0, text: '' }],
    [500, 10, { offset: 500, length: 0, text: '' }],
    [3, 0, { offset: 3, length: 0, text: '' }],
    [-5, 1, { offset: 0, length: 1, text: 'a' }],
  ];
  it.each(cases)('moves offset %p and length %p to borders of characters', async (offset, length, answer) => {
    expect(await readerOf(Buffer.from(text)).readSlice(LOG, { offset, length })).toEqual(answer);
  });

  it('gives the same text in slices of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        async (whole, length) => {
          const bytes = Buffer.from(whole);
          const reader = readerOf(bytes);
          let collected = '';
          for (let offset = 0; offset < bytes.length;) {
            const slice = await reader.readSlice(LOG, { offset, length });
            expect(slice.offset).toBe(offset);
            expect(slice.length).toBeGreaterThan(0);
            collected += slice.text;
            offset += slice.length;
          }
          expect(collected).toBe(bytes.toString());
        },
      ),
    );
  });

  it('gets to the end of bytes that are no UTF-8', async () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from([...array, 10]));
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 6 }), async (whole, length) => {
        const reader = readerOf(whole);
        let offset = 0;
        while (offset < whole.length) {
          const slice = await reader.readSlice(LOG, { offset, length });
          expect(slice.length).toBeGreaterThan(0);
          offset = slice.offset + slice.length;
        }
        expect(offset).toBe(whole.length);
      }),
    );
  });

  it('leaves a character whose rest has not been written for the next call', async () => {
    const half = Buffer.from('ab😀').subarray(0, 4);
    expect(await readerOf(half).readSlice(LOG, { offset: 0, length: 100 })).toEqual({
      offset: 0,
      length: 2,
      text: 'ab',
    });
    expect(await readerOf(half).readSlice(LOG, { offset: 2, length: 100 })).toEqual({ offset: 2, length: 0, text: '' });
  });

  it('reads a log that does not exist as empty', async () => {
    const reader = createLogReader({ chunks: createMemoryLogChunks() });
    expect(await reader.readSlice(LOG, { offset: 0, length: 50_000 })).toEqual({ offset: 0, length: 0, text: '' });
  });
});
