import { createCommandJobType } from './builtin/command.js';
import { createHiveJobType } from './builtin/hive.js';
import { createHttpJobType } from './builtin/http.js';
import { createJavaProcessJobType } from './builtin/java-process.js';
import { noopJobType } from './builtin/noop.js';
import { createPigJobType } from './builtin/pig.js';
import { createPythonJobType } from './builtin/python.js';
import { createRubyJobType } from './builtin/ruby.js';
import { createScriptJobType } from './builtin/script.js';
import { createShellJobType } from './builtin/shell.js';
import { createSparkJobType } from './builtin/spark.js';
import type { JobType } from './job-type.js';
import type { RunCommands } from './process/run-commands.js';

/** The types every installation has. A new one is a file in `builtin/` and a line here. */
export function builtinJobTypes(tools: { readonly runCommands: RunCommands }): readonly JobType[] {
  return [
    noopJobType,
    createCommandJobType(tools),
    // The same words, run where the client's credentials are in the environment already.
    { ...createCommandJobType(tools), name: 'hadoopShell' },
    createShellJobType(tools),
    createJavaProcessJobType(tools),
    createPythonJobType(tools),
    createRubyJobType(tools),
    createScriptJobType(tools),
    createHttpJobType(),
    createHiveJobType(tools),
    createPigJobType(tools),
    createSparkJobType(tools),
  ];
}
