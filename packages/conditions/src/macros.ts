import { JOB_STATUS_MACROS, type JobStatusMacro } from '@lockstep/domain';

/**
 * The macro a word stands for, in any letter case. `one_success_all_done` is not one of Azkaban's, but projects use the
 * word and mean what `one_success` does anyway: wait for all, need one.
 */
export function macroOfWord(word: string): JobStatusMacro | undefined {
  const lower = word.toLowerCase();
  if (lower === 'one_success_all_done') return 'one_success';
  return JOB_STATUS_MACROS.find((macro) => macro === lower);
}

/** How the direct dependencies of a node have ended. */
export interface DependencyCounts {
  readonly dependencies: number;
  /** Ended SUCCEEDED, FAILED_SUCCEEDED or SKIPPED. */
  readonly successes: number;
  /** Ended FAILED, KILLED or CANCELLED. */
  readonly failures: number;
}

/**
 * Whether the macro is true, asked once **all** dependencies have finished: before that, every macro is pending, also
 * `one_success` and `one_failed`. Without dependencies `all_*` holds and `one_*` does not.
 */
export function macroHolds(macro: JobStatusMacro, { dependencies, successes, failures }: DependencyCounts): boolean {
  switch (macro) {
    case 'all_success':
      return successes === dependencies;
    case 'all_failed':
      return failures === dependencies;
    case 'one_success':
      return successes > 0;
    case 'one_failed':
      return failures > 0;
    case 'all_done':
      return true;
  }
}
