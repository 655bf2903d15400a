import { DEFAULT_EXECUTION_OPTIONS, type DisabledJob, DomainError, type ExecutionOptions } from '@lockstep/domain';
import type { Parameters } from '../../kit/parameters.js';
import { RequestFault } from '../../kit/request-fault.js';
import { parseFlowParameters } from './parse-flow-parameters.js';
import { concurrentOptionOf, failureActionOf } from './request-words.js';

/** Deeper than any flow; keeps hostile input off the stack. */
const MAX_DISABLED_DEPTH = 100;

/**
 * The execution options of a request, as `executeFlow` and the scheduling calls take them. Throws
 * `execution.bad-options`, and `RequestFault` for a `disabled` that is not JSON.
 */
export function parseExecutionOptions(parameters: Parameters): ExecutionOptions {
  const concurrentOption = concurrentOptionOf(parameters.get('concurrentOption') ?? 'skip');
  const defaults = DEFAULT_EXECUTION_OPTIONS;
  return {
    ...defaults,
    ...parseFlowParameters(parameters),
    failureAction: failureActionOf(parameters.get('failureAction')) ?? defaults.failureAction,
    failureActionOverridden: parameters.boolean('failureActionOverride', false),
    notifyOnFirstFailure: parameters.boolean('notifyFailureFirst', defaults.notifyOnFirstFailure),
    notifyOnLastFailure: parameters.boolean('notifyFailureLast', defaults.notifyOnLastFailure),
    failureEmails: splitEmails(parameters.get('failureEmails')),
    failureEmailsOverridden: parameters.boolean('failureEmailsOverride', false),
    successEmails: splitEmails(parameters.get('successEmails')),
    successEmailsOverridden: parameters.boolean('successEmailsOverride', false),
    concurrentOption,
    ...(concurrentOption === 'pipeline' && { pipelineLevel: pipelineLevelOf(parameters) }),
    ...(concurrentOption === 'queue' && { queueLevel: parameters.int('queueLevel', 1) }),
    disabledJobs: parseDisabledJobs(parameters.get('disabled')),
  };
}

/** Commas, semicolons and blanks separate, in any mix. */
function splitEmails(text: string | undefined): readonly string[] {
  return text?.split(/[,;\s]+/).filter((address) => address !== '') ?? [];
}

/**
 * Takes job ids, `{"id", "children"}`, and the form of answers, `{"name", "children", "embeddedFlow"}`, so that a client
 * can send back what it has fetched. Children null or absent = the whole node.
 */
export function parseDisabledJobs(text: string | undefined): readonly DisabledJob[] {
  if (text === undefined || text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RequestFault(`Parameter 'disabled' is not JSON.`, { cause: error });
  }
  return disabledList(value, 0);
}

function disabledList(value: unknown, depth: number): readonly DisabledJob[] {
  if (!Array.isArray(value) || depth > MAX_DISABLED_DEPTH) {
    throw new RequestFault(`Parameter 'disabled' is not a JSON array of jobs.`);
  }
  return value.map((item) => disabledJob(item, depth));
}

function disabledJob(item: unknown, depth: number): DisabledJob {
  if (typeof item === 'string') return { id: item };
  const { id, name, children } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  const nodeId = id ?? name;
  if (typeof nodeId !== 'string') throw new RequestFault(`Parameter 'disabled' has a job without an id.`);
  if (children === undefined || children === null) return { id: nodeId };
  return { id: nodeId, children: disabledList(children, depth + 1) };
}

function pipelineLevelOf(parameters: Parameters): number {
  try {
    return parameters.requiredInt('pipelineLevel');
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error;
    throw new DomainError('execution.bad-options', { reason: error.message }, { cause: error });
  }
}
