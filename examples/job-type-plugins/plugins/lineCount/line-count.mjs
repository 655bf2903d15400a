import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Counts the lines of the file a job names. What `run` resolves to are the output properties of the job. */
export function createJob({ properties, workingDirectory, log, signal }) {
  return {
    async run() {
      const text = await readFile(join(workingDirectory, properties.file), { encoding: 'utf8', signal });
      const lines = text.split('\n').length - 1;
      log('INFO', `${properties.file} has ${lines} lines.`);
      return { lines, 'file.name': properties.file };
    },
  };
}
