import { isFlowSpec } from './read-flow-file.js';
import type { FlowSpec } from './read-flow-file.js';

export interface StructureFault {
  readonly hint: string;
  readonly line: number;
}

/**
 * The first duplicate name, unknown dependency or node called ROOT. Azkaban looks at the top level only, and fails in odd ways
 * when something is wrong below; here every level is held to the same rules.
 */
export function structureFault(flow: FlowSpec): StructureFault | undefined {
  const names = new Set<string>();
  for (const { name, line } of flow.nodes) {
    if (names.has(name)) return { hint: `Flow "${flow.name}" has two nodes called "${name}".`, line };
    if (name === 'ROOT') return { hint: `A node of flow "${flow.name}" is called ROOT.`, line };
    names.add(name);
  }
  for (const { name, line, dependsOn = [] } of flow.nodes) {
    const unknown = dependsOn.find((dependency) => !names.has(dependency));
    if (unknown === undefined) continue;
    return { hint: `"${name}" depends on "${unknown}", which is no node of flow "${flow.name}".`, line };
  }
  for (const node of flow.nodes) {
    const fault = isFlowSpec(node) ? structureFault(node) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}
