import { isFailure, isFinished, type AttemptRecord, type Execution, type ExecutionPlan } from '@lockstep/domain';

export interface FlowLogLine {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly text: string;
}

/** What the flow log says about a change of a node, or of the execution itself (nested id ''). */
export function describeChange(record: AttemptRecord, execution: Execution): FlowLogLine | undefined {
  return record.nestedId === '' ? describeExecution(record, execution) : describeNode(record);
}

/** Why an execution is killed that nobody has cancelled. */
export function flowTimeoutLine({ timeoutMs = 0 }: ExecutionPlan): FlowLogLine {
  return { level: 'ERROR', text: `The flow has run longer than its flow.timeout of ${timeoutMs} ms; it is killed.` };
}

function describeNode({ nestedId, attempt, status, startedAt, endedAt }: AttemptRecord): FlowLogLine | undefined {
  if (status === 'QUEUED' || status === 'READY') return undefined;
  const which = attempt === 0 ? `Job '${nestedId}'` : `Job '${nestedId}' (attempt ${attempt})`;
  if (!isFinished(status)) return { level: 'INFO', text: `${which} is ${status}.` };
  const took = `in ${seconds(startedAt, endedAt)} seconds`;
  return { level: isFailure(status) ? 'ERROR' : 'INFO', text: `${which} finished with status ${status} ${took}.` };
}

function describeExecution(record: AttemptRecord, execution: Execution): FlowLogLine {
  const { status, startedAt, endedAt } = record;
  const which = `Execution ${execution.id} of flow '${execution.flowId}' of project '${execution.projectName}'`;
  if (!isFinished(status)) return { level: 'INFO', text: `${which} (version ${execution.version}) is ${status}.` };
  const took = `in ${seconds(startedAt, endedAt)} seconds`;
  return { level: isFailure(status) ? 'ERROR' : 'INFO', text: `${which} finished with status ${status} ${took}.` };
}

function seconds(startedAt: number | undefined, endedAt: number | undefined): number {
  if (startedAt === undefined || endedAt === undefined) return 0;
  return Math.round((endedAt - startedAt) / 1000);
}
