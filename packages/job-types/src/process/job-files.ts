import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
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

/** Named as Azkaban names them. They may hold secrets, so only the owner can read them. */
export function nameJobFiles({ directory, jobId }: { readonly directory: string; readonly jobId: string }): JobFiles {
  const random = randomUUID().slice(-12);
  const name = fileNameOf(jobId);
  return {
    propertiesFile: join(directory, `${name}_job_props_${random}_tmp`),
    outputsFile: join(directory, `${name}_output_${random}_tmp`),
  };
}

/** What has to be written before the first command of an attempt starts. */
export function contentsOf(
  { propertiesFile, outputsFile }: JobFiles,
  properties: Properties,
): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: propertiesFile, text: serializeProperties(properties) },
    { path: outputsFile, text: '' },
  ];
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
