import { DomainError, STATUSES } from '@lockstep/domain';
import type { ExecutionOptions, Properties } from '@lockstep/domain';
import { RETRY_STATUSES, RETRY_STRATEGIES, retryStatusWords } from './retry-rule.js';
import { wordsOf } from './words-of.js';

/** Flow parameters only administrators may set; the form their values must have. */
const ADMIN_ONLY: Readonly<Record<string, 'integer' | 'boolean'>> = {
  flowPriority: 'integer',
  useExecutor: 'integer',
  'java.enable.debug': 'boolean',
  'enable.dev.pod': 'boolean',
  'disable.pod.cleanup': 'boolean',
  'allow.image.test.version': 'boolean',
};
const ADMIN_ONLY_PREFIXES = ['azkaban.flow', 'azkaban.job'];

const FORMS = { integer: /^\d+$/, boolean: /^(true|false)$/i };

const PIPELINE_LEVELS = [1, 2, 3];

/**
 * The options as the user may use them: what only administrators may set is dropped without a word, older spellings are
 * rewritten. Throws `execution.bad-options` with the reason in Azkaban's words.
 */
export function checkOptions(
  options: ExecutionOptions,
  { isAdmin, retryLimit }: { isAdmin: boolean; retryLimit: number },
): ExecutionOptions {
  assertPipelineLevel(options);
  if (isAdmin) assertForms(options.flowParameters);
  const flowParameters = isAdmin ? options.flowParameters : withoutAdminOnly(options.flowParameters);
  const reasons = badRetryParameters(flowParameters, retryLimit);
  if (reasons.length > 0) reject(`ExecutionOptions is invalid, error reasons: [${reasons.join(', ')}]`);
  return {
    ...options,
    flowParameters: withRestartAsRetryStatus(flowParameters),
    runtimeProperties: isAdmin ? options.runtimeProperties : withoutAdminOnlyOfNodes(options.runtimeProperties),
  };
}

function assertPipelineLevel({ concurrentOption, pipelineLevel }: ExecutionOptions): void {
  if (concurrentOption !== 'pipeline') return;
  if (pipelineLevel === undefined || !PIPELINE_LEVELS.includes(pipelineLevel)) {
    reject(`pipelineLevel should be 1, 2 or 3, not ${pipelineLevel ?? 'missing'}`);
  }
}

function assertForms(parameters: Properties): void {
  for (const [key, form] of Object.entries(ADMIN_ONLY)) {
    const value = parameters[key];
    if (value === undefined || FORMS[form].test(value)) continue;
    reject(form === 'integer' ? `${key} should be an integer` : `${key} should be boolean`);
  }
}

function withoutAdminOnlyOfNodes(byNode: ExecutionOptions['runtimeProperties']): ExecutionOptions['runtimeProperties'] {
  return Object.fromEntries(Object.entries(byNode).map(([node, properties]) => [node, withoutAdminOnly(properties)]));
}

function withoutAdminOnly(parameters: Properties): Properties {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => !isAdminOnly(key)));
}

function isAdminOnly(key: string): boolean {
  return Object.hasOwn(ADMIN_ONLY, key) || ADMIN_ONLY_PREFIXES.some((prefix) => key.startsWith(prefix));
}

function badRetryParameters(parameters: Properties, retryLimit: number): readonly string[] {
  return [
    ...badRetries(parameters['flow.max.retries'], retryLimit),
    ...badRetryStatuses(parameters['flow.retry.statuses']),
    ...badRetryStrategy(parameters['flow.retry.strategy']),
  ];
}

function badRetries(value: string | undefined, limit: number): readonly string[] {
  if (value === undefined || (FORMS.integer.test(value.trim()) && Number(value) <= limit)) return [];
  return [`Invalid \`flow.max.retries = ${value}\`, value should be within [0, ${limit}]\n`];
}

function badRetryStatuses(value: string | undefined): readonly string[] {
  return wordsOf(value).flatMap((word) => {
    if (RETRY_STATUSES.some((status) => status === word)) return [];
    return STATUSES.some((status) => status === word)
      ? [`\`${word}\` is not a valid restartable status, permitted status are [${RETRY_STATUSES.join(', ')}]`]
      : [`\`${word}\` is not a valid Status defined in Azkaban, please correct`];
  });
}

function badRetryStrategy(value: string | undefined): readonly string[] {
  if (value === undefined || RETRY_STRATEGIES.some((strategy) => strategy === value)) return [];
  return [`Invalid flow.retry.strategy = ${value}. Valid values are: [${RETRY_STRATEGIES.join(', ')}]`];
}

/** `allow.restart.on.execution.stopped` is the older way to ask for a retry after EXECUTION_STOPPED. */
function withRestartAsRetryStatus(parameters: Properties): Properties {
  const { 'allow.restart.on.execution.stopped': allow, ...rest } = parameters;
  if (allow?.trim().toLowerCase() !== 'true') return parameters;
  return { ...rest, 'flow.retry.statuses': retryStatusWords(parameters).join(',') };
}

function reject(reason: string): never {
  throw new DomainError('execution.bad-options', { reason });
}
