import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';
import { createInterpretedScriptJobType } from './interpreted-script.js';

/** `<executable> <script> --<key> <value> …`. */
export function createScriptJobType(tools: { readonly runCommands: RunCommands }): JobType {
  return createInterpretedScriptJobType({ name: 'script', interpreterKey: 'executable' }, tools);
}
