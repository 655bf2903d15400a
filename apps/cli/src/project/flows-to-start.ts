import type { FlowDefinition, ProjectDefinition } from '@lockstep/domain';
import { CommandError } from '../command-error.js';

/** The flows of a project that can be started by themselves, by id. */
export function flowsToStart(definition: ProjectDefinition): readonly FlowDefinition[] {
  return Object.values(definition.flows)
    .filter((flow) => !flow.embedded)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Throws `CommandError` naming the flows there are. */
export function requireFlow(definition: ProjectDefinition, flowId: string): FlowDefinition {
  const flows = flowsToStart(definition);
  const flow = flows.find(({ id }) => id === flowId);
  if (flow) return flow;
  const known = flows.length === 0 ? 'it has no flows' : `its flows are: ${flows.map(({ id }) => id).join(', ')}`;
  throw new CommandError(`The project has no flow "${flowId}"; ${known}.`);
}
