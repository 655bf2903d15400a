import type { JobExplanation } from '@lockstep/services';
import type { JsonObject } from '../kit/pretty-json.js';

/** The answer of both `explainJob` calls, without what says whose job it is. */
export function renderExplanation({ attempt, outputsToCome, properties }: JobExplanation): JsonObject {
  return {
    attempt,
    properties: properties.map(({ key, value, raw, error, origin, overrides, knownAtRunTime }) => ({
      key,
      value,
      raw,
      error,
      origin: { ...origin },
      overrides: overrides.map((hidden) => ({ value: hidden.value, origin: { ...hidden.origin } })),
      knownAtRunTime,
    })),
    outputsToCome,
  };
}
