import { describe, expect, it } from '@jest/globals';
import { createLog } from './log/create-log.js';
import { createShutdown } from './shutdown.js';

const log = createLog({ level: 'silent', format: 'json' });

function recorder() {
  const done: string[] = [];
  const part = (what: string, failure?: Error) => ({
    what,
    async stop() {
      if (failure) throw failure;
      done.push(`${what} stopped`);
    },
    kill: () => void done.push(`${what} killed`),
  });
  return { done, part };
}

describe('createShutdown', () => {
  it('stops what was started in reverse order, once', async () => {
    const { done, part } = recorder();
    const shutdown = createShutdown({ log });
    shutdown.add(part('database'));
    shutdown.add(part('http'));
    expect(await Promise.all([shutdown.stopAll(), shutdown.stopAll()])).toEqual([true, true]);
    expect(done).toEqual(['http stopped', 'database stopped']);
  });

  it('kills what cannot be stopped, goes on with the rest, and says so', async () => {
    const { done, part } = recorder();
    const shutdown = createShutdown({ log });
    shutdown.add(part('database'));
    shutdown.add(part('worker', new Error('stuck')));
    expect(await shutdown.stopAll()).toBe(false);
    expect(done).toEqual(['worker killed', 'database stopped']);
  });

  it('kills what has not been stopped yet', async () => {
    const { done, part } = recorder();
    const shutdown = createShutdown({ log });
    shutdown.add(part('database'));
    shutdown.add({ what: 'worker', stop: () => new Promise(() => {}), kill: () => void done.push('worker killed') });
    void shutdown.stopAll();
    await shutdown.killAll();
    expect(done).toEqual(['worker killed', 'database killed']);
  });

  it('stops what is added while it is stopping as well', async () => {
    const { done, part } = recorder();
    const shutdown = createShutdown({ log });
    shutdown.add({ what: 'start', stop: async () => shutdown.add(part('late')) });
    expect(await shutdown.stopAll()).toBe(true);
    expect(done).toEqual(['late stopped']);
  });
});
