import { register } from 'node:module';

// `node --import @lockstep/testing/typescript file.ts` runs a TypeScript source as it is: for processes tests start.
register('./typescript-loader.mjs', import.meta.url);
