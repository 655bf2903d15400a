import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { propertyOf } from '@lockstep/props';
import type { AttemptContext } from '../job-type.js';

/** Where the processes of an attempt run: the job's directory, or the one below it that `working.dir` names. */
export function findWorkingDirectory({
  properties,
  workingDirectory,
}: Pick<AttemptContext, 'properties' | 'workingDirectory'>):
  { readonly result: 'found'; readonly path: string } | { readonly result: 'not-valid'; readonly reason: string } {
  const asked = propertyOf(properties, 'working.dir');
  if (asked === undefined || asked === '' || asked === workingDirectory)
    return { result: 'found', path: workingDirectory };

  const path = resolve(workingDirectory, asked);
  const problem = problemOf(path, workingDirectory);
  if (problem === undefined) return { result: 'found', path };
  // The first sentence is Azkaban's.
  return {
    result: 'not-valid',
    reason: `Specified working.dir is not valid: ${asked}. It must be a directory inside the job's own, ${workingDirectory}, but ${problem}.`,
  };
}

function problemOf(path: string, jobDirectory: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return 'it is no directory';
    const inside = relative(realpathSync(jobDirectory), realpathSync(path));
    const isOutside = inside === '..' || inside.startsWith('../') || isAbsolute(inside);
    return isOutside ? 'it lies outside' : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'there is no such directory'
      : `it cannot be read (${(error as Error).message})`;
  }
}
