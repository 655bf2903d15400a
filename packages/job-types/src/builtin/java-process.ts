import { readdirSync } from 'node:fs';
import type { Properties } from '@lockstep/domain';
import { propertyOf, readList, splitCommand } from '@lockstep/props';
import type { JobType } from '../job-type.js';
import type { CommandLine, RunCommands } from '../process/run-commands.js';
import { findWorkingDirectory } from '../process/working-directory.js';

const DEFAULT_XMS = '64M';
const DEFAULT_XMX = '256M';

/** Runs the main method of a Java class; the program finds its properties in JOB_PROP_FILE. */
export function createJavaProcessJobType({ runCommands }: { readonly runCommands: RunCommands }): JobType {
  return {
    name: 'javaprocess',
    check: (properties) =>
      propertyOf(properties, 'java.class') === undefined
        ? "Job set up failed: Missing required property 'java.class'"
        : undefined,
    run: (context) => {
      const directory = findWorkingDirectory(context);
      if (directory.result === 'not-valid') return Promise.resolve({ result: 'failed', reason: directory.reason });
      const classpath = classpathOf(context.properties, directory.path);
      if (classpath.length === 0) {
        // Azkaban's sentence.
        const reason = "No classpath defined and no .jar files found in job directory. Can't run java command.";
        return Promise.resolve({ result: 'failed', reason });
      }
      return runCommands(context, [javaCommand(context.properties, classpath)]);
    },
  };
}

/** Classes common to the installation first, then the job's own: those it names, or else every jar in its directory. */
function classpathOf(properties: Properties, directory: string): readonly string[] {
  const common = readList(properties, 'global.classpaths', []);
  const own =
    readList(properties, 'classpath') ??
    readdirSync(directory)
      .filter((name) => name.endsWith('.jar'))
      .sort();
  return [...common, ...own].filter((entry) => entry !== '');
}

/** One text, split like a `command`: that is what quotes in `jvm.args` and `main.args` count on. */
function javaCommand(properties: Properties, classpath: readonly string[]): CommandLine {
  const value = (key: string, fallback = ''): string => propertyOf(properties, key) ?? fallback;
  const pieces = [
    'java',
    value('global.jvm.args'),
    value('jvm.args'),
    `-Xms${value('Xms', DEFAULT_XMS)}`,
    `-Xmx${value('Xmx', DEFAULT_XMX)}`,
    `-cp ${classpath.join(':')}`,
    value('java.class'),
    value('main.args'),
  ];
  const text = pieces.filter((piece) => piece !== '').join(' ');
  return { text, words: splitCommand(text) };
}
