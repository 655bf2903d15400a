import { isAlias, isCollection, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import type { LoadLimits } from '../load-options.js';
import { FlowFileError } from './flow-file-error.js';

/** YAML with every scalar as the written text: `0644`, `1.50`, `yes` and dates are not re-typed. */
export type YamlValue = YamlText | YamlList | YamlMap;

export interface YamlText extends Extent {
  readonly kind: 'text';
  /** undefined for null: nothing, `~` or `null` without quotes. */
  readonly text: string | undefined;
}

export interface YamlList extends Extent {
  readonly kind: 'list';
  readonly items: readonly YamlValue[];
}

export interface YamlMap extends Extent {
  readonly kind: 'map';
  /** Merge keys (`<<`) applied; of a repeated key the last one. */
  readonly entries: ReadonlyMap<string, YamlValue>;
}

interface Extent {
  /** Counted from 1. */
  readonly line: number;
  /** Values in it, itself included, every use of an alias counted. */
  readonly size: number;
  readonly depth: number;
}

export interface ParsedYaml {
  /** undefined for an empty file. */
  readonly value: YamlValue | undefined;
  readonly repeatedKeys: readonly { readonly key: string; readonly line: number }[];
}

type YamlLimits = Pick<LoadLimits, 'maxYamlValues' | 'maxYamlDepth'>;

/**
 * Parses one YAML document. An alias shares the value of its anchor instead of copying it, and the limits count it as if it were
 * copied, so that no bomb of aliases gets past them.
 *
 * @throws FlowFileError on broken YAML, on more than one document, and above the limits.
 */
export function parseYaml(text: string, limits: YamlLimits): ParsedYaml {
  refuseDeepNesting(text, limits);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false, // The library compares every pair; repeated keys are found while converting.
    strict: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter,
  });
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? 1 : Math.max(lineCounter.linePos(offset).line, 1);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = lineAt(problem.pos[0]);
    throw new FlowFileError(`${problem.message.replace(/\.?\s*$/, '')} (line ${line}).`, line);
  }
  const converter = new Converter(lineAt, limits);
  const value = document.contents === null ? undefined : converter.convert(document.contents as Node, 1);
  return { value: isNothing(value) ? undefined : value, repeatedKeys: converter.repeatedKeys };
}

function isNothing(value: YamlValue | undefined): boolean {
  return value?.kind === 'text' && value.text === undefined;
}

/**
 * The parser calls itself for every level, so the depth is bounded before it sees the text: by the longest run of opening
 * brackets anywhere (quotes and comments not considered) and by the deepest indentation.
 */
function refuseDeepNesting(text: string, { maxYamlDepth }: YamlLimits): void {
  let open = 0;
  let compact = 0;
  let line = 1;
  let atLineStart = true;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\n') {
      line++;
      compact = 0;
      atLineStart = true;
      continue;
    }
    if (character === '[' || character === '{') open++;
    else if (character === ']' || character === '}') open = Math.max(open - 1, 0);
    // `- - - x` opens a list with every dash.
    else if (atLineStart && (character === '-' || character === '?') && (text[at + 1] ?? '\n').trim() === '') compact++;
    else if (character !== ' ') atLineStart = false;
    if (open > BRACKETS_TOLERATED || compact > maxYamlDepth) throw tooDeep(line, maxYamlDepth);
  }
}

/** Brackets may also stand in texts and never close; only a number no script reaches is refused before parsing. */
const BRACKETS_TOLERATED = 1000;

function tooDeep(line: number, maxDepth: number): FlowFileError {
  return new FlowFileError(`Maps and lists are nested more than ${maxDepth} deep (line ${line}).`, line);
}

class Converter {
  readonly repeatedKeys: { key: string; line: number }[] = [];
  private readonly anchors = new Map<string, YamlValue>();

  constructor(
    private readonly lineAt: (offset: number | undefined) => number,
    private readonly limits: YamlLimits,
  ) {}

  convert(node: Node | null, depth: number): YamlValue {
    const line = this.lineAt(node?.range?.[0]);
    if (node === null) return { kind: 'text', text: undefined, line, size: 1, depth: 1 };
    if (depth > this.limits.maxYamlDepth) throw tooDeep(line, this.limits.maxYamlDepth);
    const value = this.checked(this.convertKind(node, { line, depth }));
    if (!isAlias(node) && node.anchor !== undefined) this.anchors.set(node.anchor, value);
    return value;
  }

  private convertKind(node: Node, { line, depth }: { line: number; depth: number }): YamlValue {
    if (isAlias(node)) {
      const value = this.anchors.get(node.source);
      if (value === undefined) {
        throw new FlowFileError(`The alias *${node.source} has no complete anchor before it (line ${line}).`, line);
      }
      return value;
    }
    if (isScalar(node)) {
      const text = String(node.value ?? '');
      const isNull = node.type === 'PLAIN' && NULL_TEXT.test(text);
      return { kind: 'text', text: isNull ? undefined : text, line, size: 1, depth: 1 };
    }
    if (isMap(node)) return this.convertMap(node, { line, depth });
    if (!isCollection(node))
      throw new FlowFileError(`Something that is neither text, list nor map (line ${line}).`, line);
    const items = (node.items as (Node | Pair | null)[]).map((item) => this.convert(item as Node | null, depth + 1));
    return { kind: 'list', items, line, ...extentOf(items) };
  }

  private convertMap(node: YAMLMap, { line, depth }: { line: number; depth: number }): YamlMap {
    const own = new Map<string, YamlValue>();
    const merged = new Map<string, YamlValue>();
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const keyLine = this.lineAt(pair.key?.range?.[0]);
      const key = this.convert(pair.key, depth + 1);
      if (key.kind !== 'text') throw new FlowFileError(`A key must be a text (line ${keyLine}).`, keyLine);
      const value = this.convert(pair.value, depth + 1);
      const name = key.text ?? '';
      if (name === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') mergeInto(merged, value);
      else {
        if (own.has(name)) this.repeatedKeys.push({ key: name, line: keyLine });
        own.set(name, value);
      }
    }
    const entries = merged.size === 0 ? own : new Map([...merged, ...own]);
    return { kind: 'map', entries, line, ...extentOf(entries.values()) };
  }

  private checked(value: YamlValue): YamlValue {
    const { maxYamlValues, maxYamlDepth } = this.limits;
    if (value.depth > maxYamlDepth) throw tooDeep(value.line, maxYamlDepth);
    if (value.size <= maxYamlValues) return value;
    throw new FlowFileError(`There are more than ${maxYamlValues} values once all aliases are expanded.`, value.line);
  }
}

/** A plain scalar YAML 1.1 reads as null. */
const NULL_TEXT = /^(?:~|null|Null|NULL|)$/;

/** `<<: *a` or `<<: [*a, *b]`; the first map that has a key wins. */
function mergeInto(merged: Map<string, YamlValue>, value: YamlValue): void {
  for (const source of value.kind === 'list' ? value.items : [value]) {
    if (source.kind !== 'map')
      throw new FlowFileError(`A merge key (<<) takes a map or a list of maps (line ${value.line}).`, value.line);
    for (const [key, entry] of source.entries) if (!merged.has(key)) merged.set(key, entry);
  }
}

function extentOf(values: Iterable<YamlValue>): Pick<Extent, 'size' | 'depth'> {
  let size = 1;
  let depth = 0;
  for (const value of values) {
    size += value.size;
    depth = Math.max(depth, value.depth);
  }
  return { size, depth: depth + 1 };
}
