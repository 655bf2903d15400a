import { DateTime } from 'luxon';
import type { Execution, ExecutionPlan, PlanNode, Project, Properties } from '@lockstep/domain';

/** An execution as its jobs are told of it. Before there is one, `id` is a text that stands for the number. */
export type InjectedExecution = Pick<
  Execution,
  'flowId' | 'projectId' | 'projectName' | 'version' | 'submitUser' | 'source'
> & { readonly id: number | string };

/** What an execution knows about itself; the source of `azkaban.flow.*`. */
export interface FlowFacts {
  readonly execution: InjectedExecution;
  readonly project: Pick<Project, 'modifiedBy' | 'modifiedAt'>;
  readonly startedAt: number;
  /** One for each start of an execution. */
  readonly uuid: string;
  readonly timezone: string;
}

/** The properties every job of an execution sees, in the lowest layer of the flow's input (Azkaban's names). */
export function injectedFlowProperties({ execution, project, startedAt, uuid, timezone }: FlowFacts): Properties {
  const start = DateTime.fromMillis(startedAt, { zone: timezone });
  return {
    'azkaban.flow.flowid': execution.flowId,
    'azkaban.flow.execid': String(execution.id),
    'azkaban.flow.projectid': String(execution.projectId),
    'azkaban.flow.projectname': execution.projectName,
    'azkaban.flow.projectversion': String(execution.version),
    'azkaban.flow.uuid': uuid,
    'azkaban.flow.projectlastchangedby': project.modifiedBy,
    'azkaban.flow.projectlastchangeddate': String(project.modifiedAt),
    'azkaban.flow.submituser': execution.submitUser,
    'azkaban.flow.executionsource': execution.source,
    'azkaban.flow.start.timestamp': start.toISO() ?? '',
    'azkaban.flow.start.year': start.toFormat('yyyy'),
    'azkaban.flow.start.month': start.toFormat('MM'),
    'azkaban.flow.start.day': start.toFormat('dd'),
    'azkaban.flow.start.hour': start.toFormat('HH'),
    'azkaban.flow.start.minute': start.toFormat('mm'),
    'azkaban.flow.start.second': start.toFormat('ss'),
    'azkaban.flow.start.milliseconds': start.toFormat('SSS'),
    'azkaban.flow.start.timezone': timezone,
  };
}

export interface JobFacts {
  readonly plan: ExecutionPlan;
  readonly node: PlanNode;
  readonly attempt: number;
  readonly execution: InjectedExecution;
  /** Base address for links; without it there are none. */
  readonly webServerUrl?: string;
  readonly workingDirectory: string;
  readonly logFile: string;
  readonly attachmentFile: string;
  /** A value of the job as its other layers give it. */
  readonly valueOf: (key: string) => string | undefined;
}

/** The properties of one attempt, above all other layers. `working.dir` only where the job sets none. */
export function injectedJobProperties(facts: JobFacts): Properties {
  const { plan, node, attempt, execution, valueOf } = facts;
  const nameOf = (index: number) => plan.nodes[index]?.id ?? '';
  const insideEmbeddedFlow = node.parent !== undefined && node.parent !== 0;
  const jvmArgs = `'-Dazkaban.flowid=${node.flowId}' '-Dazkaban.execid=${execution.id}' '-Dazkaban.jobid=${node.id}'`;
  const ownJvmArgs = valueOf('jvm.args');
  return {
    'azkaban.job.id': node.id,
    'azkaban.job.attempt': String(attempt),
    'azkaban.job.innodes': node.dependencies.map(nameOf).join(','),
    'azkaban.job.outnodes': node.dependants.map(nameOf).join(','),
    ...(insideEmbeddedFlow ? { 'azkaban.flow.nested.path': node.nestedId } : {}),
    'azkaban.job.log.file': facts.logFile,
    'azkaban.job.attachment.file': facts.attachmentFile,
    'azkaban.job.metadata.file': `_job.${execution.id}.${node.id}.meta`,
    ...links(facts),
    ...(valueOf('working.dir') === undefined ? { 'working.dir': facts.workingDirectory } : {}),
    'user.to.proxy': valueOf('user.to.proxy') ?? execution.submitUser,
    'jvm.args': ownJvmArgs === undefined ? jvmArgs : `${jvmArgs} ${ownJvmArgs}`,
    'azkaban.memory.check': 'false',
  };
}

function links({ webServerUrl, execution, node, attempt }: JobFacts): Properties {
  if (webServerUrl === undefined) return {};
  const run = `${webServerUrl}/executor?execid=${execution.id}`;
  const workflow = `${webServerUrl}/manager?project=${execution.projectName}&flow=${node.flowId}`;
  return {
    'azkaban.url': webServerUrl,
    'azkaban.webserverhost': new URL(webServerUrl).hostname,
    'azkaban.link.execution.url': run,
    'azkaban.link.jobexec.url': `${run}&job=${node.nestedId}`,
    'azkaban.link.attempt.url': `${run}&job=${node.nestedId}&attempt=${attempt}`,
    'azkaban.link.workflow.url': workflow,
    'azkaban.link.job.url': `${workflow}&job=${node.id}`,
  };
}
