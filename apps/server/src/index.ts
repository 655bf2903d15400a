/** @public npm run docs */
export { configurationReference } from './config/configuration-reference.js';
export { jobEnvironment } from './config/environment.js';
export { migrate, serve } from './main.js';
export type { ServeOptions } from './main.js';
export { startInProcess } from './start-in-process.js';
export type { InProcessOptions, InProcessServer } from './start-in-process.js';
export { systemClock } from './wiring/system-clock.js';
