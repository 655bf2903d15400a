import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Properties } from '@lockstep/domain';
import { serializeProperties } from '@lockstep/props';

/** The two files through which properties reach a process and come back. */
export interface JobFiles {
  /** JOB_PROP_FILE: the job's properties in Java's format. */
  readonly propertiesFile: string;
  /** JOB_OUTPUT_PROP_FILE: empty; the job may write a JSON object into it. */
  readonly outputsFile: string;
}

/**
 * Named as Azkaban names them. They may hold secrets, so only the owner can read them. Synchronous: two tiny files, about
 * 40 µs each; through the thread pool they cost a multiple of that in waking threads, on the way from job to job.
 */
export function writeJobFiles({
  directory,
  jobId,
  properties,
}: {
  readonly directory: string;
  readonly jobId: string;
  readonly properties: Properties;
}): JobFiles {
  const random = randomUUID().slice(-12);
  const name = fileNameOf(jobId);
  const files = {
    propertiesFile: join(directory, `${name}_job_props_${random}_tmp`),
    outputsFile: join(directory, `${name}_output_${random}_tmp`),
  };
  const newAndPrivate = { flag: 'wx', mode: 0o600 };
  writeFileSync(files.propertiesFile, serializeProperties(properties), newAndPrivate);
  writeFileSync(files.outputsFile, '', newAndPrivate);
  return files;
}

/** Azkaban removes them when the job fails, and leaves them to the clean-up of the execution directory when it succeeds. */
export function removeJobFiles({ propertiesFile, outputsFile }: JobFiles): void {
  rmSync(propertiesFile, { force: true });
  rmSync(outputsFile, { force: true });
}

/** A file name has 255 bytes at most, and no slash. */
const MAX_NAME_LENGTH = 60;

function fileNameOf(jobId: string): string {
  return jobId.replace(/[/\0]/g, '_').slice(0, MAX_NAME_LENGTH);
}
