import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';
import { createInterpretedScriptJobType } from './interpreted-script.js';

/** `<python> <script> --<key> <value> …`; the property `python` names another interpreter. */
export function createPythonJobType(tools: { readonly runCommands: RunCommands }): JobType {
  return createInterpretedScriptJobType(
    { name: 'python', interpreterKey: 'python', defaultInterpreter: 'python' },
    tools,
  );
}
