import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AttemptLog, FinishedLog } from './attempt-log.js';
import { LEASE, createMemoryLogChunks } from './fixtures/memory-log-chunks.js';
import type { MemoryLogChunks } from './fixtures/memory-log-chunks.js';
import { createLogWriter } from './log-writer.js';
import type { LogWriter, LogWriterOptions } from './log-writer.js';

const PREFIX = '15-03-2024 12:00:00 UTC load INFO - ';
const NOW = Date.UTC(2024, 2, 15, 12);

describe('writing the logs of a worker', () => {
  let directory: string;
  let chunks: MemoryLogChunks;
  let writers: LogWriter[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lockstep-log-'));
    chunks = createMemoryLogChunks();
    writers = [];
  });
  afterEach(async () => {
    chunks.beforeAppend = () => Promise.resolve();
    for (const writer of writers) await writer.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const createWriter = (options: Partial<LogWriterOptions> = {}): LogWriter => {
    const writer = createLogWriter({
      chunks,
      clock: { now: () => NOW },
      timeZone: 'UTC',
      flushIntervalMs: 10,
      ...options,
    });
    writers.push(writer);
    return writer;
  };
  const open = (writer: LogWriter, nestedId = 'load', more: { startByte?: number } = {}): AttemptLog =>
    writer.open({ lease: LEASE, nestedId, attempt: 0, jobName: 'load', ...more });
  const file = (name = 'out'): string => join(directory, name);
  /** What the runner does: the tail gets stored by its commit. */
  const commit = ({ pendingTail, sizeBytes }: FinishedLog, nestedId = 'load'): string => {
    for (const chunk of pendingTail) chunks.add(chunk);
    const whole = chunks.whole(nestedId);
    expect(whole.length).toBe(sizeBytes);
    return whole.toString();
  };

  it('hands back the log of a short job whole, without storing anything', async () => {
    const log = open(createWriter());
    log.line('INFO', 'Starting');
    log.line('WARN', 'two\nlines');
    const ended = await log.finish();
    expect(chunks.appends).toEqual([]);
    expect(commit(ended)).toBe(
      `${PREFIX}Starting\n${PREFIX.replace('INFO', 'WARN')}two\n${PREFIX.replace('INFO', 'WARN')}lines\n`,
    );
  });

  it('hands back no tail when nothing was written', async () => {
    const log = open(createWriter());
    log.followFile(file('never-made'));
    expect(await log.finish()).toEqual({ pendingTail: [], sizeBytes: 0 });
  });

  it('shows what a process prints while it runs, also a line without an end', async () => {
    const log = open(createWriter({ flushIntervalMs: 100 }));
    log.followFile(file());
    appendFileSync(file(), 'Password: ');
    const writtenAt = performance.now();
    await until(() => chunks.whole('load').toString() === `${PREFIX}Password: `);
    expect(performance.now() - writtenAt).toBeLessThan(300);
    appendFileSync(file(), '***\nin\n');
    await until(() => chunks.whole('load').toString() === `${PREFIX}Password: ***\n${PREFIX}in\n`);
    log.abandon();
  });

  it('puts an engine line after what the process had written by then', async () => {
    const log = open(createWriter());
    log.line('INFO', 'first');
    log.followFile(file());
    log.line('INFO', 'second');
    appendFileSync(file(), 'out 1\nout 2');
    log.line('INFO', 'third');
    log.line('INFO', 'fourth');
    appendFileSync(file(), 'out 3\n');
    const lines = ['first', 'second', 'out 1', 'out 2', 'third', 'fourth', 'out 3'];
    expect(commit(await log.finish())).toBe(lines.map((line) => `${PREFIX}${line}\n`).join(''));
  });

  it('ends a last line that has no end', async () => {
    const log = open(createWriter());
    writeFileSync(file(), 'no end');
    log.followFile(file());
    expect(commit(await log.finish())).toBe(`${PREFIX}no end\n`);
  });

  it('goes on where an earlier owner of the log and of the file stopped', async () => {
    const log = open(createWriter(), 'load', { startByte: 100 });
    writeFileSync(file(), 'old\nnew\n');
    log.followFile(file(), { fromByte: 4 });
    const { pendingTail, sizeBytes } = await log.finish();
    expect(pendingTail.map(({ startByte, bytes }) => [startByte, Buffer.from(bytes).toString()])).toEqual([
      [100, `${PREFIX}new\n`],
    ]);
    expect(sizeBytes).toBe(100 + PREFIX.length + 4);
  });

  it('keeps bytes that are no text as they are', async () => {
    const bytes = Buffer.from([0, 1, 0xff, 0xfe, 0xc3, 0x28, 0xe2, 0x82, 0xac, 0]);
    const log = open(createWriter());
    writeFileSync(file(), bytes);
    log.followFile(file());
    const { pendingTail } = await log.finish();
    expect(Buffer.from(pendingTail[0]?.bytes ?? [])).toEqual(
      Buffer.concat([Buffer.from(PREFIX), bytes, Buffer.from('\n')]),
    );
  });

  it('stores the new bytes of all logs with one append', async () => {
    const writer = createWriter();
    const logs = Array.from({ length: 50 }, (_, index) => open(writer, `job${index}`));
    for (const log of logs) log.line('INFO', 'x');
    await Promise.all(logs.map((log) => log.flush()));
    expect(chunks.appends).toHaveLength(1);
    expect(chunks.appends[0]).toHaveLength(50);
  });

  it('has everything stored after a flush', async () => {
    const log = open(createWriter({ flushIntervalMs: 60_000 }));
    log.followFile(file());
    log.line('INFO', 'before');
    appendFileSync(file(), 'out\n');
    log.line('INFO', 'after');
    await log.flush();
    expect(chunks.whole('load').toString()).toBe(`${PREFIX}before\n${PREFIX}out\n${PREFIX}after\n`);
    expect(await log.finish()).toMatchObject({ pendingTail: [] });
  });

  it('stores a large output in pieces and hands back only a short tail', async () => {
    const lines = 40_000;
    writeFileSync(file(), `${'x'.repeat(99)}\n`.repeat(lines));
    const log = open(createWriter());
    log.followFile(file());
    const ended = await log.finish();
    const tailBytes = ended.pendingTail.reduce((bytes, chunk) => bytes + chunk.bytes.length, 0);
    expect(tailBytes).toBeLessThanOrEqual(128 * 1024 + 1);
    expect(Math.max(...chunks.appends.flat().map(({ bytes }) => bytes))).toBeLessThanOrEqual(1024 * 1024);
    expect(commit(ended)).toBe(`${PREFIX}${'x'.repeat(99)}\n`.repeat(lines));
  });

  it('keeps trying while the store is away, and loses and doubles nothing', async () => {
    let failures = 0;
    const told: number[] = [];
    chunks.beforeAppend = () => (failures++ < 2 ? Promise.reject(new Error('database away')) : Promise.resolve());
    const log = open(createWriter({ onAppendFailed: ({ failures: count }) => told.push(count) }));
    log.followFile(file());
    for (let line = 0; line < 20_000; line++) appendFileSync(file(), `line ${line} ${'.'.repeat(50)}\n`);
    log.line('INFO', 'end');
    const text = commit(await log.finish());
    expect(told).toEqual([1, 2]);
    const numbers = [...text.matchAll(/line (\d+) /g)].map((match) => Number(match[1]));
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
    expect(text.endsWith(`${PREFIX}end\n`)).toBe(true);
  });

  it('does not let a chatty log hold up a quiet one', async () => {
    const writer = createWriter();
    // 60 MB for 8 logs that are all behind, and a store that takes its time.
    writeFileSync(file('chatty'), `${'x'.repeat(99)}\n`.repeat(75_000));
    chunks.beforeAppend = () => new Promise((resolve) => setTimeout(resolve, 5));
    const chatty = Array.from({ length: 8 }, (_, index) => open(writer, `chatty${index}`));
    for (const log of chatty) log.followFile(file('chatty'));
    await until(() => chunks.appends.length > 0);
    const quiet = open(writer, 'quiet');
    quiet.followFile(file('quiet'));
    appendFileSync(file('quiet'), 'here\n');
    const before = chunks.appends.length;
    await until(() => chunks.whole('quiet').length > 0);
    expect(chunks.appends.length - before).toBeLessThanOrEqual(3);
    expect(chunks.whole('chatty0').length).toBeLessThan(75_000 * (100 + PREFIX.length));
    for (const log of [...chatty, quiet]) log.abandon();
  });

  it('survives a file that is cut short', async () => {
    const log = open(createWriter());
    writeFileSync(file(), 'one\ntwo\n');
    log.followFile(file());
    await log.flush();
    appendFileSync(file(), 'three\n');
    log.line('INFO', 'waits for three');
    truncateSync(file(), 0);
    expect(commit(await log.finish())).toBe(`${PREFIX}one\n${PREFIX}two\n${PREFIX}waits for three\n`);
  });

  it('goes on without a file that cannot be read', async () => {
    const failed: unknown[] = [];
    const log = open(createWriter({ onReadFailed: ({ error }) => failed.push(error) }));
    log.followFile(directory);
    log.line('INFO', 'still here');
    expect(commit(await log.finish())).toBe(`${PREFIX}still here\n`);
    expect(failed).toEqual([expect.objectContaining({ code: 'EISDIR' })]);
  });

  it('stores nothing more of a log that was abandoned', async () => {
    const log = open(createWriter());
    log.line('INFO', 'x');
    log.abandon();
    const other = open(writers[0] as LogWriter, 'other');
    other.line('INFO', 'y');
    await other.flush();
    expect(chunks.appends.flat().map(({ nestedId }) => nestedId)).toEqual(['other']);
    log.line('INFO', 'z');
    await expect(log.finish()).rejects.toThrow('The log of job "load", execution 7, has been finished.');
  });

  it('stores what is left when it is closed', async () => {
    const writer = createWriter({ flushIntervalMs: 60_000 });
    const log = open(writer);
    log.followFile(file());
    log.line('INFO', 'x');
    appendFileSync(file(), `${'y'.repeat(99)}\n`.repeat(30_000));
    await writer.close();
    expect(chunks.whole('load').length).toBe(PREFIX.length + 2 + 30_000 * (100 + PREFIX.length));
  });

  it('can be closed while the store is away', async () => {
    chunks.beforeAppend = () => Promise.reject(new Error('database away'));
    const failed: number[] = [];
    const writer = createWriter({ onAppendFailed: ({ failures }) => failed.push(failures) });
    open(writer).line('INFO', 'x');
    await until(() => failed.length > 0);
    await writer.close();
    expect(chunks.appends).toEqual([]);
  });

  it('writes 200 MB without growing by 50 MB', async () => {
    const totalBytes = 200_000_000;
    fill(file(), totalBytes);
    let stored = 0;
    let peakBytes = 0;
    const discard: LogWriterOptions['chunks'] = {
      append: async (batch) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        for (const { chunk } of batch) stored += chunk.bytes.length;
        peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
      },
      read: () => Promise.resolve(new Uint8Array()),
      size: () => Promise.resolve(stored),
    };
    const writer = createWriter({ chunks: discard });
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    const log = open(writer);
    log.followFile(file());
    const { pendingTail, sizeBytes } = await log.finish();
    const seconds = (performance.now() - startedAt) / 1000;
    console.info(
      `200 MB in ${seconds.toFixed(2)} s = ${(totalBytes / 1e6 / seconds).toFixed(0)} MB/s of output, ` +
        `memory grew by ${((peakBytes - before) / 1e6).toFixed(0)} MB at most`,
    );
    expect(stored + (pendingTail[0]?.bytes.length ?? 0)).toBe(sizeBytes);
    expect(sizeBytes).toBe((totalBytes / 100) * (100 + PREFIX.length));
    expect(peakBytes - before).toBeLessThan(50_000_000);
  }, 60_000);
});

function fill(path: string, bytes: number): void {
  const block = Buffer.from(`${'x'.repeat(99)}\n`.repeat(10_000));
  const fd = openSync(path, 'w');
  for (let written = 0; written < bytes; written += block.length) writeSync(fd, block);
  closeSync(fd);
}

async function until(look: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!look()) {
    if (performance.now() > end) throw new Error(`Waited in vain for: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
