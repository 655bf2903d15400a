import type { LoadLimits } from '../load-options.js';
import { YamlFileError } from '../yaml/yaml-file-error.js';
import { FLOW_KEYS } from './flow2-schema.js';
import type { FlowBean } from './flow2-schema.js';
import { readBean } from './schema-shapes.js';
import { parseYaml } from '../yaml/parse-yaml.js';
import type { ParsedYaml } from '../yaml/parse-yaml.js';

/** A flow or embedded flow whose parts are all there. */
export interface FlowSpec extends FlowBean {
  readonly name: string;
  readonly nodes: readonly NodeSpec[];
}

export type NodeSpec = FlowSpec | JobSpec;

export interface JobSpec extends FlowBean {
  readonly name: string;
  readonly type: string;
}

export function isFlowSpec(node: NodeSpec): node is FlowSpec {
  return node.type === 'flow';
}

export interface FlowFile {
  readonly flow: FlowSpec;
  readonly repeatedKeys: ParsedYaml['repeatedKeys'];
}

/** Reads a `.flow` file by the table of its keys. @throws YamlFileError when it cannot be loaded. */
export function readFlowFile({
  fileName,
  text,
  limits,
}: {
  fileName: string;
  text: string;
  limits: LoadLimits;
}): FlowFile {
  const { value, repeatedKeys } = parseYaml(text, limits);
  if (value === undefined) throw new YamlFileError(`Failed to load flow file ${fileName}. Node bean is null .`);
  const bean = readBean<FlowBean>(value, { keys: FLOW_KEYS, where: 'the flow' });
  const name = fileName.slice(0, -'.flow'.length);
  // Whatever the file says: the file names the flow, and a file is a flow.
  return { flow: flowSpec({ ...bean, name, type: 'flow' }), repeatedKeys };
}

function flowSpec(bean: FlowBean & { readonly name: string }): FlowSpec {
  if (bean.nodes === undefined) {
    throw new YamlFileError(
      `Flow "${bean.name}" has no nodes; write nodes: [] for an empty flow (line ${bean.line}).`,
      bean.line,
    );
  }
  return { ...bean, nodes: bean.nodes.map(nodeSpec) };
}

function nodeSpec(bean: FlowBean): NodeSpec {
  const { name, type, line } = bean;
  if (name === undefined || name === '') throw new YamlFileError(`A node has no name (line ${line}).`, line);
  if (type === undefined || type === '') throw new YamlFileError(`Node "${name}" has no type (line ${line}).`, line);
  return type === 'flow' ? flowSpec({ ...bean, name }) : { ...bean, name, type };
}
