export { configurationReference } from './config/configuration-reference.js';
export { migrate, serve } from './main.js';
export type { ServeOptions } from './main.js';
