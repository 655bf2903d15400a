import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createFileLogChunks, type FileLogChunks } from './file-log-chunks.js';

const lease = { executionId: 1, workerId: 'local', ticket: 1 };
const name = { executionId: 1, nestedId: 'outer:a', attempt: 0 };

let folder: string;
let logs: FileLogChunks;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-logs-'));
  logs = createFileLogChunks(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const append = (startByte: number, text: string, nestedId = name.nestedId) =>
  logs.append([{ lease, chunk: { nestedId, attempt: 0, startByte, bytes: Buffer.from(text) } }]);

it('keeps one file a log, and stores a repeated chunk once', async () => {
  await append(0, 'hello ');
  await append(6, 'world');
  await append(6, 'world');
  expect(readFileSync(join(folder, 'outer:a.log'), 'utf8')).toBe('hello world');
  expect(await logs.size(name)).toBe(11);
});

it('reads ranges, fewer bytes at the end and none past it or where there is no log', async () => {
  await append(0, 'hello');
  const read = async (range: { offset: number; length: number }) =>
    Buffer.from(await logs.read(name, range)).toString();
  expect(await read({ offset: 1, length: 3 })).toBe('ell');
  expect(await read({ offset: 3, length: 9_999_999 })).toBe('lo');
  expect(await read({ offset: 5, length: 1 })).toBe('');
  expect(await logs.read({ ...name, nestedId: 'b' }, { offset: 0, length: 1 })).toHaveLength(0);
});

it('does not leave its folder, whatever a job is called', async () => {
  await append(0, 'x', '../../evil');
  expect(logs.pathOf({ nestedId: '../../evil', attempt: 2 })).toBe(join(folder, '..%2F..%2Fevil.2.log'));
  expect(readFileSync(join(folder, '..%2F..%2Fevil.log'), 'utf8')).toBe('x');
});
