import { DomainError } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import { RequestFault } from '../../kit/request-fault.js';
import type { ExecutionCall } from '../ajax-action.js';
import { renderAccepted, renderRefusal } from './execute-flow.js';

/**
 * An extension of Lockstep: runs the flow of an execution that has ended once more, `from=failure` (default) without the
 * jobs that are done, or `from=start`; `version=same` keeps the version of the project. Answers as `executeFlow` does.
 */
export async function rerun({ executionId, parameters, services, user }: ExecutionCall): Promise<JsonObject> {
  const from = oneOf(parameters.get('from'), { name: 'from', words: ['failure', 'start'] as const });
  const version = oneOf(parameters.get('version'), { name: 'version', words: ['newest', 'same'] as const });
  try {
    return renderAccepted(await services.executions.rerun(user, executionId, { from, version }));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { project, flow } = error.details;
    // What is about the execution itself, or a missing permission, is said as for every call about an execution.
    if (project === undefined || flow === undefined) throw error;
    return renderRefusal(error, { projectName: String(project), flowId: String(flow) });
  }
}

/** The first word is the default. */
function oneOf<Word extends string>(
  text: string | undefined,
  { name, words }: { name: string; words: readonly [Word, ...Word[]] },
): Word {
  if (text === undefined) return words[0];
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new RequestFault(`Parameter '${name}' is '${text}'; use ${words.join(' or ')}.`);
  return word;
}
