export { createRunner } from './runner.js';
export type { RunnableProject, Runner, RunnerOptions } from './runner.js';
export type { RunEnd } from './execution-run.js';
export { keepLease } from './keep-lease.js';
export type { LeaseKeeping } from './keep-lease.js';
export { createProjectCache } from './project-cache.js';
export type { ProjectCache, ProjectCacheOptions } from './project-cache.js';
