import { spawnFloor } from './harness/floor.mjs';

const CONCURRENCY = 10;

function chain(length) {
  const files = {};
  for (let index = 0; index < length; index += 1) {
    const needs = index === 0 ? '' : `dependencies=j${index - 1}\n`;
    files[`j${index}.job`] = `type=command\ncommand=true\n${needs}`;
  }
  return { files, flow: `j${length - 1}` };
}

function fan(width) {
  const names = Array.from({ length: width }, (_, index) => `f${index}`);
  const files = Object.fromEntries(names.map((name) => [`${name}.job`, 'type=command\ncommand=true\n']));
  files['join.job'] = `type=command\ncommand=true\ndependencies=${names.join(',')}\n`;
  return { files, flow: 'join' };
}

/** How much of a run is the jobs' own processes? */
export const processes = {
  name: 'processes',
  needsServer: true,
  async run({ client, runs }) {
    return [
      await against(client, runs, {
        name: 'chain of 100 command=true',
        project: 'bench-chain',
        aim: 3,
        floor: { name: '100 processes one after another', measure: () => spawnFloor(100, 1) },
        ...chain(100),
      }),
      await against(client, runs, {
        name: 'fan-out of 1,000 command=true + join',
        project: 'bench-fan',
        aim: 2,
        floor: { name: `1,001 processes, ${CONCURRENCY} at a time`, measure: () => spawnFloor(1_001, CONCURRENCY) },
        ...fan(1_000),
      }),
    ];
  },
};

async function against(client, runs, { name, project, files, flow, floor, aim }) {
  await client.createProject(project, files);
  const values = [];
  const floorValues = [];
  await client.waitFor(await client.execute(project, flow));
  for (let run = 0; run < runs; run += 1) {
    floorValues.push(await floor.measure());
    const startedAt = performance.now();
    const execid = await client.execute(project, flow);
    await client.waitUntilIdle(project, flow);
    values.push(performance.now() - startedAt);
    await client.waitFor(execid);
  }
  return {
    name,
    unit: 'ms, submit to end seen over HTTP',
    values,
    floor: { name: floor.name, values: floorValues },
    aim,
  };
}
