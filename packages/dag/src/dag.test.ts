import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ancestorsOf,
  buildGraph,
  descendantsOf,
  findCycle,
  findCyclePath,
  knotsOf,
  levelsOf,
  walkDependencies,
} from './index.js';
import type { Graph } from './index.js';

describe('buildGraph', () => {
  it('keeps declared order, drops repetitions and leaves out unknown names', () => {
    const graph = graphOf({ d: ['c', 'b', 'c', 'nowhere'], c: ['a'], b: ['a'], a: [] });
    expect(graph.nodes).toEqual(['d', 'c', 'b', 'a']);
    expect(graph.dependencies.get('d')).toEqual(['c', 'b']);
    expect(graph.dependants.get('a')).toEqual(['c', 'b']);
  });

  it('takes names of built-in object properties for ordinary names', () => {
    const graph = graphOf(JSON.parse('{"__proto__": ["constructor"], "constructor": []}') as Needs);
    expect(graph.dependencies.get('__proto__')).toEqual(['constructor']);
    expect(levelsOf(graph).get('__proto__')).toBe(1);
  });
});

describe('findCycle', () => {
  it.each<[string, Needs, { source: string; target: string } | undefined]>([
    ['nothing in a diamond', { d: ['b', 'c'], b: ['a'], c: ['a'], a: [] }, undefined],
    [
      'the edge that closes a cycle behind the start',
      { end: ['c'], c: ['b'], b: ['a'], a: ['c'] },
      { source: 'c', target: 'a' },
    ],
    ['a self-dependency', { a: ['a'] }, { source: 'a', target: 'a' }],
    ['the first of two cycles', { a: ['b'], b: ['a'], c: ['d'], d: ['c'] }, { source: 'a', target: 'b' }],
  ])('finds %s', (_title, needs, edge) => {
    expect(findCycle(graphOf(needs))).toEqual(edge);
  });

  it('looks only behind the start nodes when some are given', () => {
    const graph = graphOf({ good: ['a'], a: [], bad: ['bad'] });
    expect(findCycle(graph, ['good'])).toBeUndefined();
  });

  it('shows the whole cycle in running order', () => {
    expect(findCyclePath(graphOf({ end: ['c'], c: ['b'], b: ['a'], a: ['c'] }))).toEqual(['a', 'b', 'c']);
    expect(findCyclePath(graphOf({ a: ['a'] }))).toEqual(['a']);
    expect(findCyclePath(graphOf({ a: [] }))).toBeUndefined();
  });
});

describe('levelsOf', () => {
  it('gives the longest distance from the start nodes', () => {
    const levels = levelsOf(graphOf({ e: ['a', 'd'], d: ['c'], c: ['a'], a: [], alone: [] }));
    expect(Object.fromEntries(levels)).toEqual({ a: 0, alone: 0, c: 1, d: 2, e: 3 });
  });

  it('ignores the edge that closes a cycle', () => {
    expect(Object.fromEntries(levelsOf(graphOf({ end: ['b'], b: ['a'], a: ['b'] })))).toEqual({ a: 0, b: 1, end: 2 });
  });
});

describe('ancestorsOf and descendantsOf', () => {
  it('are everything before and everything behind a node', () => {
    const graph = graphOf({ d: ['b'], b: ['a'], c: ['a'], a: [] });
    expect([...ancestorsOf(graph, 'd')].sort()).toEqual(['a', 'b']);
    expect([...descendantsOf(graph, 'a')].sort()).toEqual(['b', 'c', 'd']);
    expect([...ancestorsOf(graph, 'd', 'c')].sort()).toEqual(['a', 'b']);
  });

  it('contain the node itself only on a cycle', () => {
    expect([...ancestorsOf(graphOf({ a: ['b'], b: ['a'] }), 'a')].sort()).toEqual(['a', 'b']);
  });
});

describe('knotsOf', () => {
  it('puts nodes that wait for each other into one knot', () => {
    const knots = knotsOf(graphOf({ end: ['a'], a: ['b'], b: ['c'], c: ['a', 'x'], x: ['y'], y: ['x'], alone: [] }));
    const members = new Map<number | undefined, string[]>();
    for (const [node, knot] of knots) members.set(knot, [...(members.get(knot) ?? []), node].sort());
    expect([...members.values()].sort()).toEqual([['a', 'b', 'c'], ['alone'], ['end'], ['x', 'y']]);
  });
});

describe('any graph', () => {
  it('has no cycle once the closing edges are gone, and levels grow along every other edge', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(12), { maxLength: 5 }), { minLength: 1, maxLength: 13 }), (lists) => {
        const graph = graphOf(Object.fromEntries(lists.map((list, node) => [`n${node}`, list.map((to) => `n${to}`)])));
        const { nodes, closingEdges } = walkDependencies(graph, graph.nodes);
        expect([...nodes].sort()).toEqual([...graph.nodes].sort());
        const closing = new Set(closingEdges.map((edge) => `${edge.source}>>${edge.target}`));
        const levels = levelsOf(graph);
        const open: Graph = buildGraph({
          nodes: graph.nodes,
          dependenciesOf: (node) =>
            graph.dependencies.get(node)?.filter((source) => !closing.has(`${source}>>${node}`)),
        });
        expect(findCycle(open)).toBeUndefined();
        for (const [target, sources] of open.dependencies) {
          const before = sources.map((source) => levels.get(source) ?? -1);
          expect(levels.get(target)).toBe(before.length === 0 ? 0 : Math.max(...before) + 1);
        }
        for (const node of graph.nodes) {
          for (const ancestor of ancestorsOf(graph, node)) expect(descendantsOf(graph, ancestor).has(node)).toBe(true);
        }
        const knots = knotsOf(graph);
        for (const a of graph.nodes) {
          for (const b of graph.nodes) {
            const eachOther = a === b || (ancestorsOf(graph, a).has(b) && ancestorsOf(graph, b).has(a));
            expect(knots.get(a) === knots.get(b)).toBe(eachOther);
          }
        }
        const path = findCyclePath(graph);
        path?.forEach((node, at) => expect(graph.dependencies.get(node)).toContain(path.at(at - 1)));
      }),
    );
  });

  it('may be a chain of 100,000 nodes, read once from end to end', () => {
    const size = 100_000;
    let asked = 0;
    const graph = buildGraph({
      nodes: Array.from({ length: size }, (_, at) => `n${at}`),
      dependenciesOf: (node) => {
        asked++;
        return node === 'n0' ? [] : [`n${Number(node.slice(1)) - 1}`];
      },
    });
    expect(asked).toBe(size);
    expect(levelsOf(graph).get(`n${size - 1}`)).toBe(size - 1);
    expect(ancestorsOf(graph, `n${size - 1}`).size).toBe(size - 1);
    expect(descendantsOf(graph, 'n0').size).toBe(size - 1);
    expect(findCycle(graph)).toBeUndefined();
    expect(new Set(knotsOf(graph).values()).size).toBe(size);
  });
});

type Needs = Readonly<Record<string, readonly string[]>>;

function graphOf(needs: Needs): Graph {
  return buildGraph({ nodes: Object.keys(needs), dependenciesOf: (node) => needs[node] });
}
