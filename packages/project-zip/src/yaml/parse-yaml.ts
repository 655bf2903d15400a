import { Composer, isAlias, isCollection, isMap, isScalar, Lexer, LineCounter, Parser } from 'yaml';
import type { CST, Document, Node, Pair, YAMLMap } from 'yaml';
import type { LoadLimits } from '../load-options.js';
import { YamlFileError } from './yaml-file-error.js';

/** YAML with every scalar as the written text: `0644`, `1.50`, `yes` and dates are not re-typed. */
export type YamlValue = YamlText | YamlList | YamlMap;

export interface YamlText extends Extent {
  readonly kind: 'text';
  /** undefined for null: nothing, `~` or `null` without quotes. */
  readonly text: string | undefined;
  /** Without quotes and not a block. */
  readonly isPlain: boolean;
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
  /** Maps and lists inside each other; 0 for a text. */
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
 * @throws YamlFileError on broken YAML, on more than one document, and above the limits.
 */
export function parseYaml(text: string, limits: YamlLimits): ParsedYaml {
  const lineCounter = new LineCounter();
  lineCounter.addNewLine(0); // The parser reports line ends only.
  const lineAt = (offset: number | undefined): number => {
    return offset === undefined ? 1 : lineCounter.linePos(offset).line;
  };
  const document = composeDocument(tokensOf(text, { lineCounter, limits }), { lineAt, endOffset: text.length });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = lineAt(problem.pos[0]);
    throw new YamlFileError(`${problem.message.replace(/\.?\s*$/, '')} (line ${line}).`, line);
  }
  const converter = new Converter(lineAt, limits);
  const value = document.contents === null ? undefined : converter.convert(document.contents as Node);
  return { value: isNothing(value) ? undefined : value, repeatedKeys: converter.repeatedKeys };
}

function isNothing(value: YamlValue | undefined): boolean {
  return value?.kind === 'text' && value.text === undefined;
}

/**
 * The library's composer calls itself for every level and then runs regular expressions: a thousand brackets exhaust the stack
 * there, which ends the whole process, not just the call. The parser before it keeps a stack of its own, so the depth is bounded
 * where it can be seen, and nothing deep ever reaches the composer.
 */
function tokensOf(
  text: string,
  { lineCounter, limits }: { lineCounter: LineCounter; limits: YamlLimits },
): CST.Token[] {
  const parser = new Parser(lineCounter.addNewLine);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    const line = lineCounter.lineStarts.length;
    // Besides the open collections there are a document and a scalar on the stack.
    if (parser.stack.length > limits.maxYamlDepth + 2) throw tooDeep(line, limits.maxYamlDepth);
    if (++lexemes > limits.maxYamlValues * LEXEMES_PER_VALUE) throw tooMany(line, limits.maxYamlValues);
  }
  tokens.push(...parser.end());
  return tokens;
}

/** A key with its value are two values and five lexemes; comments and empty lines have one or two more. */
const LEXEMES_PER_VALUE = 4;

function composeDocument(
  tokens: readonly CST.Token[],
  { lineAt, endOffset }: { lineAt: (offset: number | undefined) => number; endOffset: number },
): Document.Parsed {
  const composer = new Composer({
    schema: 'failsafe', // Every scalar stays the text it is.
    version: '1.1',
    uniqueKeys: false, // The library compares every pair; repeated keys are found while converting.
    strict: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [document, second] = composer.compose(tokens, true, endOffset);
  if (document === undefined) throw new Error('A forced document is missing.');
  if (second === undefined) return document;
  const line = lineAt(second.range[0]);
  throw new YamlFileError(`There is a second document; a file holds one (line ${line}).`, line);
}

function tooDeep(line: number, maxDepth: number): YamlFileError {
  return new YamlFileError(`Maps and lists are nested more than ${maxDepth} deep (line ${line}).`, line);
}

function tooMany(line: number, maxValues: number): YamlFileError {
  return new YamlFileError(
    `There are more than ${maxValues} values once all aliases are expanded (line ${line}).`,
    line,
  );
}

class Converter {
  readonly repeatedKeys: { key: string; line: number }[] = [];
  private readonly anchors = new Map<string, YamlValue>();

  constructor(
    private readonly lineAt: (offset: number | undefined) => number,
    private readonly limits: YamlLimits,
  ) {}

  convert(node: Node | null): YamlValue {
    const line = this.lineAt(node?.range?.[0]);
    if (node === null) return { kind: 'text', text: undefined, isPlain: true, line, size: 1, depth: 0 };
    const value = this.checked(this.convertKind(node, line));
    if (!isAlias(node) && node.anchor !== undefined) this.anchors.set(node.anchor, value);
    return value;
  }

  private convertKind(node: Node, line: number): YamlValue {
    if (isAlias(node)) {
      const value = this.anchors.get(node.source);
      if (value === undefined) {
        throw new YamlFileError(`The alias *${node.source} has no complete anchor before it (line ${line}).`, line);
      }
      return value;
    }
    if (isScalar(node)) {
      const text = String((node.value as string | number | boolean | null) ?? '');
      const isPlain = node.type === 'PLAIN' && node.tag === undefined;
      const isNull = isPlain && NULL_TEXT.test(text);
      return { kind: 'text', text: isNull ? undefined : text, isPlain, line, size: 1, depth: 0 };
    }
    if (isMap(node)) return this.convertMap(node, line);
    if (!isCollection(node))
      throw new YamlFileError(`Something that is neither text, list nor map (line ${line}).`, line);
    const items = (node.items as (Node | Pair | null)[]).map((item) => this.convert(item as Node | null));
    return { kind: 'list', items, line, ...extentOf(items) };
  }

  private convertMap(node: YAMLMap, line: number): YamlMap {
    const own = new Map<string, YamlValue>();
    const merged = new Map<string, YamlValue>();
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const keyLine = this.lineAt(pair.key?.range?.[0]);
      const key = this.convert(pair.key);
      if (key.kind !== 'text') throw new YamlFileError(`A key must be a text (line ${keyLine}).`, keyLine);
      const value = this.convert(pair.value);
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
    throw tooMany(value.line, maxYamlValues);
  }
}

/** A plain scalar YAML 1.1 reads as null. */
const NULL_TEXT = /^(?:~|null|Null|NULL|)$/;

/** `<<: *a` or `<<: [*a, *b]`; the first map that has a key wins. */
function mergeInto(merged: Map<string, YamlValue>, value: YamlValue): void {
  for (const source of value.kind === 'list' ? value.items : [value]) {
    if (source.kind !== 'map')
      throw new YamlFileError(`A merge key (<<) takes a map or a list of maps (line ${value.line}).`, value.line);
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
