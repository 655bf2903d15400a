import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';
import { createInterpretedScriptJobType } from './interpreted-script.js';

/** `<ruby> <script> --<key> <value> …`; the property `ruby` names another interpreter. */
export function createRubyJobType(tools: { readonly runCommands: RunCommands }): JobType {
  return createInterpretedScriptJobType({ name: 'ruby', interpreterKey: 'ruby', defaultInterpreter: 'ruby' }, tools);
}
