import { DomainError, type ExecutionOptions, type Properties } from '@lockstep/domain';
import type { Parameters } from '../../kit/parameters.js';

const LEGACY_GROUP = 'flowOverride';
const GROUP = 'runtimeProperty';
/** The node name under which a request gives flow parameters. */
const ROOT = 'ROOT';

/**
 * `flowOverride[KEY]` and `runtimeProperty[NODE][KEY]`; of the latter, node `ROOT` gives flow parameters. Throws
 * `execution.bad-options` when both groups are used, or when a name does not close its brackets.
 */
export function parseFlowParameters(
  parameters: Parameters,
): Pick<ExecutionOptions, 'flowParameters' | 'runtimeProperties'> {
  const legacy = new Map<string, string>();
  const byNode = new Map<string, Map<string, string>>();
  for (const [name, value] of parameters.entries()) {
    if (name.startsWith(`${LEGACY_GROUP}[`)) legacy.set(legacyKeyOf(name), value);
    else if (name.startsWith(`${GROUP}[`)) addRuntimeProperty(byNode, name, value);
  }
  if (legacy.size > 0 && byNode.size > 0) {
    throw badOptions(
      'The legacy param group flowOverride is not allowed in combination with the runtimeProperty param group. ' +
        'Migrate flowOverride to runtimeProperty[ROOT].',
    );
  }
  const flowParameters = legacy.size > 0 ? legacy : (byNode.get(ROOT) ?? new Map<string, string>());
  byNode.delete(ROOT);
  return {
    flowParameters: propertiesOf(flowParameters),
    runtimeProperties: Object.fromEntries([...byNode].map(([node, properties]) => [node, propertiesOf(properties)])),
  };
}

function legacyKeyOf(name: string): string {
  if (!name.endsWith(']')) throw badOptions(`Param group ${LEGACY_GROUP} is invalid.`);
  return name.slice(LEGACY_GROUP.length + 1, -1);
}

function addRuntimeProperty(byNode: Map<string, Map<string, string>>, name: string, value: string): void {
  // A node (no closing bracket in it), then a key of anything.
  const [, node, key] = /^\[([^\]]+)\]\[(.+)\]$/s.exec(name.slice(GROUP.length)) ?? [];
  if (node === undefined || key === undefined) throw badOptions(`Param group ${GROUP} is invalid.`);
  const properties = byNode.get(node) ?? new Map<string, string>();
  byNode.set(node, properties.set(key, value));
}

/** `fromEntries` defines own properties, so a key such as `__proto__` is only a key. */
function propertiesOf(values: ReadonlyMap<string, string>): Properties {
  return Object.fromEntries(values);
}

function badOptions(reason: string): DomainError {
  return new DomainError('execution.bad-options', { reason });
}
