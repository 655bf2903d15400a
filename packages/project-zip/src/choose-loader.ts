import type { LoadLimits } from './load-options.js';
import { filesEndingIn, readProjectFile } from './project-tree.js';
import type { ProjectTree } from './project-tree.js';
import { parseYaml } from './yaml/parse-yaml.js';
import type { YamlValue } from './yaml/parse-yaml.js';
import { YamlFileError } from './yaml/yaml-file-error.js';

export type LoaderChoice =
  | { readonly loader: 'flow1' }
  | { readonly loader: 'flow2'; readonly projectFile: string }
  | { readonly loader: 'none'; readonly fatal: string; readonly file: string; readonly hint?: string };

/**
 * Decides by the first directory that has a `*.project` file whether the project is Flow 1.0 or 2.0 (Azkaban's FlowLoaderFactory).
 * The texts are Azkaban's. Like Azkaban it wants the version as a YAML float: `2` and `'2.0'` are refused.
 */
export async function chooseLoader(tree: ProjectTree, limits: LoadLimits): Promise<LoaderChoice> {
  const maxBytes = limits.maxFlowFileMb * BYTES_PER_MB;
  for (const directory of tree.directories) {
    const [file, second] = filesEndingIn('.project', directory);
    if (file === undefined) continue;
    if (second !== undefined) return { loader: 'none', fatal: DUPLICATE, file: second };
    const content = await readProjectFile(tree, file, maxBytes);
    if (content.result === 'unreadable') return { loader: 'none', fatal: UNREADABLE, file, hint: content.reason };
    if (content.result === 'too-large') {
      return { loader: 'none', fatal: UNREADABLE, file, hint: `It has more than ${maxBytes} bytes.` };
    }
    return judgeProjectFile(new TextDecoder().decode(content.bytes), { file, limits });
  }
  return { loader: 'flow1' };
}

const BYTES_PER_MB = 1024 * 1024;

const DUPLICATE = 'Duplicate project YAML files found in the project directory. Only one is allowed.';
const UNREADABLE = 'Error reading project YAML file.';
const VERSION_MISSING = 'azkaban-flow-version is not specified in the project YAML file.';
const VERSION_INVALID = 'Invalid azkaban-flow-version in the project YAML file.';

function judgeProjectFile(text: string, { file, limits }: { file: string; limits: LoadLimits }): LoaderChoice {
  const value = parseOrReason(text, limits);
  if (typeof value === 'string') return { loader: 'none', fatal: UNREADABLE, file, hint: value };
  const version = value?.kind === 'map' ? value.entries.get('azkaban-flow-version') : undefined;
  if (version === undefined) {
    return { loader: 'none', fatal: VERSION_MISSING, file, hint: 'Write: azkaban-flow-version: 2.0' };
  }
  if (!isFloatTwo(version)) {
    return { loader: 'none', fatal: VERSION_INVALID, file, hint: 'Write 2.0, with the point and without quotes.' };
  }
  return { loader: 'flow2', projectFile: file };
}

/** The content of the file, or a sentence that says why there is none. */
function parseOrReason(text: string, limits: LoadLimits): YamlValue | undefined | string {
  try {
    return parseYaml(text, limits).value;
  } catch (error) {
    if (error instanceof YamlFileError) return error.message;
    throw error;
  }
}

function isFloatTwo(value: YamlValue): boolean {
  if (value.kind !== 'text' || !value.isPlain || value.text === undefined) return false;
  return YAML_FLOAT.test(value.text) && Number(value.text.replaceAll('_', '')) === 2;
}

/** A YAML 1.1 float: digits with a point or an exponent, `_` allowed between digits. */
const YAML_FLOAT = /^[-+]?(?:\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?|\d[\d_]*[eE][-+]?\d+|\.\d[\d_]*(?:[eE][-+]?\d+)?)$/;
