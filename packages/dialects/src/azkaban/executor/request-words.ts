import { CONCURRENT_OPTIONS, type ConcurrentOption, FAILURE_ACTIONS, type FailureAction } from '@lockstep/domain';

/** Azkaban's words in requests and in `flowInfo`. */
const FAILURE_ACTION_WORDS = {
  FINISH_CURRENTLY_RUNNING: 'finishCurrent',
  CANCEL_ALL: 'cancelImmediately',
  FINISH_ALL_POSSIBLE: 'finishPossible',
} as const satisfies Record<FailureAction, string>;

export function failureActionWord(action: FailureAction): string {
  return FAILURE_ACTION_WORDS[action];
}

/** undefined for a word that is none; Azkaban ignores it. */
export function failureActionOf(word: string | undefined): FailureAction | undefined {
  return FAILURE_ACTIONS.find((action) => FAILURE_ACTION_WORDS[action] === word);
}

/** Any other text (clients send `concurrent`) means run anyway. */
export function concurrentOptionOf(word: string): ConcurrentOption {
  return CONCURRENT_OPTIONS.find((option) => option === word) ?? 'ignore';
}
