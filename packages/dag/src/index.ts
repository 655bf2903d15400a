export { buildGraph } from './build-graph.js';
export type { Graph, GraphEdge, GraphSource } from './build-graph.js';
export { findCycle, findCyclePath } from './find-cycle.js';
export { knotsOf } from './knots-of.js';
export { levelsOf } from './levels-of.js';
export { ancestorsOf, descendantsOf } from './reachable.js';
export { walkDependencies } from './walk-dependencies.js';
export type { Walk } from './walk-dependencies.js';
