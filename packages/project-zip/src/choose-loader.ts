import { isMap, isScalar, parseDocument } from 'yaml';
import { filesEndingIn, readProjectFile } from './project-tree.js';
import type { ProjectTree } from './project-tree.js';

export type LoaderChoice =
  | { readonly loader: 'flow1' }
  | { readonly loader: 'flow2'; readonly projectFile: string }
  | { readonly loader: 'none'; readonly fatal: string; readonly file: string; readonly hint?: string };

/**
 * Decides by the first directory that has a `*.project` file whether the project is Flow 1.0 or 2.0 (Azkaban's FlowLoaderFactory).
 * The texts are Azkaban's. Like Azkaban it wants the version as a YAML float: `2` and `'2.0'` are refused.
 */
export async function chooseLoader(tree: ProjectTree, { maxBytes }: { maxBytes: number }): Promise<LoaderChoice> {
  for (const directory of tree.directories) {
    const [file, second] = filesEndingIn('.project', directory);
    if (file === undefined) continue;
    if (second !== undefined) return { loader: 'none', fatal: DUPLICATE, file: second };
    const content = await readProjectFile(tree, file, maxBytes);
    if (content.result === 'unreadable') return { loader: 'none', fatal: UNREADABLE, file, hint: content.reason };
    if (content.result === 'too-large') {
      return { loader: 'none', fatal: UNREADABLE, file, hint: `It has more than ${maxBytes} bytes.` };
    }
    return judgeProjectFile(file, new TextDecoder().decode(content.bytes));
  }
  return { loader: 'flow1' };
}

const DUPLICATE = 'Duplicate project YAML files found in the project directory. Only one is allowed.';
const UNREADABLE = 'Error reading project YAML file.';
const VERSION_MISSING = 'azkaban-flow-version is not specified in the project YAML file.';
const VERSION_INVALID = 'Invalid azkaban-flow-version in the project YAML file.';

function judgeProjectFile(file: string, text: string): LoaderChoice {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, strict: false, logLevel: 'silent' });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) return { loader: 'none', fatal: UNREADABLE, file, hint: syntaxError.message };
  const pair = isMap(document.contents)
    ? document.contents.items.findLast((item) => isScalar(item.key) && item.key.value === 'azkaban-flow-version')
    : undefined;
  if (pair === undefined) {
    return { loader: 'none', fatal: VERSION_MISSING, file, hint: 'Write: azkaban-flow-version: 2.0' };
  }
  if (!isFloatTwo(pair.value)) {
    return { loader: 'none', fatal: VERSION_INVALID, file, hint: 'Write 2.0, with the point and without quotes.' };
  }
  return { loader: 'flow2', projectFile: file };
}

function isFloatTwo(node: unknown): boolean {
  if (!isScalar(node) || typeof node.value !== 'string') return false;
  const isFloat = node.tag === 'tag:yaml.org,2002:float' || (node.type === 'PLAIN' && YAML_FLOAT.test(node.value));
  return isFloat && Number(node.value.replaceAll('_', '')) === 2;
}

/** A YAML 1.1 float: digits with a point or an exponent, `_` allowed between digits. */
const YAML_FLOAT = /^[-+]?(?:\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?|\d[\d_]*[eE][-+]?\d+|\.\d[\d_]*(?:[eE][-+]?\d+)?)$/;
