import { commitFloor } from './harness/commit-floor.mjs';

const COUNT = 500;

/** How many small executions get through per second? The peer: the same number of durable one-row commits. */
export const executions = {
  name: 'executions',
  needsServer: true,
  async run({ client, runs, server }) {
    await client.createProject('bench-noop', {
      'a.job': 'type=noop\n',
      'b.job': 'type=noop\ndependencies=a\n',
      'c.job': 'type=noop\ndependencies=b\n',
    });
    const values = [];
    const floorValues = [];
    for (let run = 0; run < runs; run += 1) {
      floorValues.push(await commitFloor(server.dataFolder, COUNT));
      const startedAt = performance.now();
      const ids = [];
      const lane = async () => {
        while (ids.length < COUNT) {
          const place = ids.push(0) - 1;
          ids[place] = await client.execute('bench-noop', 'c');
        }
      };
      await Promise.all(Array.from({ length: 20 }, lane));
      for (const id of ids) await client.waitFor(id);
      values.push(performance.now() - startedAt);
    }
    const perSecond = values.map((milliseconds) => (COUNT / milliseconds) * 1_000);
    return [
      {
        name: `${COUNT} executions of a 3-job noop flow`,
        unit: 'ms',
        values,
        floor: { name: `${COUNT} durable commits of one row, one after another`, values: floorValues },
      },
      { name: 'the same', unit: 'executions/s', values: perSecond },
    ];
  },
};
