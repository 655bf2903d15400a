import type { AttemptContext } from '../job-type.js';
import type { JobFiles } from './job-files.js';
import { MARKER_VARIABLE } from './process-table.js';

/** Properties that become variables: `env.PATH=…` sets PATH. */
const VARIABLE_PREFIX = 'env.';

/** What an attempt adds to the environment of the worker. The job's own `env.*` do not hide the variables of the engine. */
export function jobVariables(
  { properties, projectName, flowId, jobId, executionId }: AttemptContext,
  { propertiesFile, outputsFile }: JobFiles,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const key of Object.keys(properties)) {
    if (key.startsWith(VARIABLE_PREFIX) && key.length > VARIABLE_PREFIX.length) {
      variables[key.slice(VARIABLE_PREFIX.length)] = properties[key] ?? '';
    }
  }
  variables['JOB_NAME'] = jobId;
  variables['JOB_PROP_FILE'] = propertiesFile;
  variables['JOB_OUTPUT_PROP_FILE'] = outputsFile;
  const user = properties['user.to.proxy'] ?? '';
  variables['KRB5CCNAME'] = `/tmp/krb5cc__${projectName}__${flowId}__${jobId}__${executionId}__${user}`.replaceAll(
    ' ',
    '_',
  );
  return variables;
}

/** What a process gets on top of the environment of the worker. */
export function processVariables({
  variables,
  marker,
  workingDirectory,
}: {
  readonly variables: Readonly<Record<string, string>>;
  readonly marker: string;
  readonly workingDirectory: string;
}): Record<string, string | undefined> {
  // PWD would otherwise name the directory of the worker.
  return { PWD: workingDirectory, OLDPWD: undefined, ...variables, [MARKER_VARIABLE]: marker };
}
