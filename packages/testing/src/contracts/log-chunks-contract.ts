import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExecutionJournal, ExecutionStore, Lease, LogChunks } from '@lockstep/domain';
import { anExecution } from '../builders/an-execution.js';

/** Logs, and executions they can belong to. */
export interface LogWorld {
  readonly logChunks: LogChunks;
  readonly journal: ExecutionJournal;
  readonly executions: ExecutionStore;
  readonly projectId: number;
  startWorker(id: string): Promise<void>;
  close(): Promise<void>;
}

/** What every `LogChunks` promises. */
export function logChunksContract(name: string, open: () => Promise<LogWorld>): void {
  describe(`${name}, as a store of log chunks`, () => {
    let world: LogWorld;
    let lease: Lease;

    beforeAll(async () => {
      world = await open();
      await world.startWorker('log-worker');
    });
    afterAll(() => world.close());
    beforeEach(async () => {
      lease = await newLease();
    });

    async function newLease(): Promise<Lease> {
      const executionId = await world.executions.insert(anExecution({ projectId: world.projectId }));
      const claim = await world.journal.claim({ executionId, workerId: 'log-worker' });
      if (claim.result !== 'claimed') throw new Error(`Execution ${executionId} was not claimable.`);
      return claim.lease;
    }

    const piece = (startByte: number, text: string, of: Lease = lease) => ({
      lease: of,
      chunk: { nestedId: 'job', attempt: 0, startByte, bytes: Buffer.from(text) },
    });
    const log = (of: Lease = lease) => ({ executionId: of.executionId, nestedId: 'job', attempt: 0 });
    const read = async (offset: number, length: number, of: Lease = lease) =>
      Buffer.from(await world.logChunks.read(log(of), { offset, length })).toString();

    it('has neither bytes nor size for a log nobody has written', async () => {
      expect(await read(0, 100)).toBe('');
      expect(await world.logChunks.size(log())).toBe(0);
    });

    it.each([
      { offset: 0, length: 12, expected: 'hello, world' },
      { offset: 0, length: 1_000, expected: 'hello, world' },
      { offset: 0, length: 5, expected: 'hello' },
      { offset: 4, length: 4, expected: 'o, w' },
      { offset: 5, length: 2, expected: ', ' },
      { offset: 6, length: 1, expected: ' ' },
      { offset: 11, length: 9, expected: 'd' },
      { offset: 12, length: 9, expected: '' },
      { offset: 500, length: 9, expected: '' },
      { offset: 3, length: 0, expected: '' },
    ])('reads $length bytes from $offset over chunk borders as "$expected"', async ({ offset, length, expected }) => {
      await world.logChunks.append([piece(0, 'hello'), piece(5, ', '), piece(7, 'world')]);
      expect(await read(offset, length)).toBe(expected);
      expect(await world.logChunks.size(log())).toBe(12);
    });

    it('keeps bytes as they are, whatever they are', async () => {
      const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7 + (index >> 8)) % 256));
      await world.logChunks.append([{ lease, chunk: { nestedId: '', attempt: 0, startByte: 0, bytes } }]);
      const stored = await world.logChunks.read(
        { executionId: lease.executionId, nestedId: '', attempt: 0 },
        { offset: 0, length: 200_000 },
      );
      expect(Buffer.compare(Buffer.from(stored), bytes)).toBe(0);
    });

    it('tells logs apart by execution, node and attempt', async () => {
      const second = await newLease();
      await world.logChunks.append([
        piece(0, 'first'),
        piece(0, 'second execution', second),
        { lease, chunk: { nestedId: 'job', attempt: 1, startByte: 0, bytes: Buffer.from('retry') } },
        { lease, chunk: { nestedId: 'outer:job', attempt: 0, startByte: 0, bytes: Buffer.from('nested') } },
      ]);
      expect(await read(0, 100)).toBe('first');
      expect(await read(0, 100, second)).toBe('second execution');
    });

    it('takes the same piece twice as one, in one call or in two', async () => {
      await world.logChunks.append([piece(0, 'abc'), piece(0, 'abc')]);
      await world.logChunks.append([piece(0, 'abc'), piece(3, 'def')]);
      expect(await read(0, 100)).toBe('abcdef');
    });

    it('keeps the longer of two pieces that start at the same byte', async () => {
      await world.logChunks.append([piece(0, 'abc')]);
      await world.logChunks.append([piece(0, 'abcdef')]);
      await world.logChunks.append([piece(0, 'ab')]);
      expect(await read(0, 100)).toBe('abcdef');
      expect(await world.logChunks.size(log())).toBe(6);
    });

    it('ignores empty pieces', async () => {
      await world.logChunks.append([piece(0, '')]);
      await world.logChunks.append([]);
      await world.logChunks.append([piece(0, 'x')]);
      expect(await read(0, 100)).toBe('x');
    });

    it('ignores pieces of a lease that no longer holds, and stores the rest', async () => {
      const lost = await newLease();
      await world.journal.release(lost, 'now');
      await world.logChunks.append([piece(0, 'lost', lost), piece(0, 'held')]);
      expect(await read(0, 100, lost)).toBe('');
      expect(await read(0, 100)).toBe('held');
    });

    it('stores many pieces of many executions in one call', async () => {
      const leases = await Promise.all(Array.from({ length: 10 }, newLease));
      await world.logChunks.append(
        leases.flatMap((each) => Array.from({ length: 50 }, (_, index) => piece(index * 3, 'abc', each))),
      );
      for (const each of leases) expect(await world.logChunks.size(log(each))).toBe(150);
    });
  });
}
