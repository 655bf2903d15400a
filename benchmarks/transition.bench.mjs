import { initialState, planExecution, transition } from '@lockstep/engine';
import { DEFAULT_EXECUTION_OPTIONS } from '@lockstep/domain';

const SHAPES = {
  chain: (count) => Array.from({ length: count }, (_, index) => (index === 0 ? [] : [index - 1])),
  fan: (count) => Array.from({ length: count }, (_, index) => (index === count - 1 ? range(count - 1) : [])),
  // Layers of 100, each job needing two of the layer before.
  layers: (count) =>
    Array.from({ length: count }, (_, index) =>
      index < 100 ? [] : [index - 100, index - 100 + (index % 2 === 0 ? 1 : -1)],
    ),
};

/** What one event costs the engine alone, on flows of growing size. It has to stay flat. */
export const transitions = {
  name: 'transition',
  async run({ runs }) {
    return Object.entries(SHAPES).flatMap(([shape, edges]) => {
      const sizes = [1_000, 10_000, 100_000];
      // Once for the compiler: the first events of a process cost ten times as much.
      for (let round = 0; round < 20; round += 1) play(planOf(edges(10_000)));
      const perEvent = sizes.map((size) => Array.from({ length: runs }, () => nanosecondsPerEvent(edges(size))));
      return sizes.map((size, index) => ({
        name: `transition, ${shape} of ${size.toLocaleString('en')}`,
        unit: 'ns per event',
        values: perEvent[index],
        floor: { name: 'the same with 1,000 jobs', values: perEvent[0] },
        aim: 2,
      }));
    });
  },
};

/** Transitions alone: states are made beforehand. Small flows are played as often as it takes to have as many events. */
function nanosecondsPerEvent(edges) {
  const plan = planOf(edges);
  const states = Array.from({ length: Math.ceil(100_000 / edges.length) }, () => initialState(plan));
  const startedAt = process.hrtime.bigint();
  let events = 0;
  for (const state of states) events += play(plan, state);
  return Number(process.hrtime.bigint() - startedAt) / events;
}

/** Plays one execution to its end; returns how many events that took. */
function play(plan, state = initialState(plan)) {
  let events = 1;
  const running = transition(plan, state, { type: 'execution.started', at: 0 }).commands.filter(isStart);
  for (let next = running.pop(); next !== undefined; next = running.pop()) {
    const { node, attempt } = next;
    const { commands } = transition(plan, state, {
      type: 'node.finished',
      at: events,
      node,
      attempt,
      result: 'succeeded',
    });
    events += 1;
    for (const command of commands) if (isStart(command)) running.push(command);
  }
  if (state.nodes[0].status !== 'SUCCEEDED') throw new Error(`The run ended ${state.nodes[0].status}.`);
  return events;
}

function planOf(edges) {
  const nodes = edges.map((needs, index) => ({
    id: `n${index}`,
    type: 'noop',
    jobKey: `n${index}`,
    dependsOn: needs.map((need) => `n${need}`),
    level: 0,
  }));
  const flow = {
    id: 'flow',
    embedded: false,
    nodes,
    edges: [],
    properties: {},
    failureEmails: [],
    successEmails: [],
    overrideEmails: [],
  };
  return planExecution({
    definition: { format: 'flow2', flows: { flow }, jobs: {}, propertyFiles: {} },
    flowId: 'flow',
    options: DEFAULT_EXECUTION_OPTIONS,
  });
}

function isStart(command) {
  return command.type === 'start-node';
}

function range(length) {
  return Array.from({ length }, (_, index) => index);
}
