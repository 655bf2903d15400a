import {
  type ExecutionOptions,
  type FailureAction,
  isFailure,
  isFinished,
  type ProjectDefinition,
  type Properties,
  type RetryPolicy,
  type Status,
} from '@lockstep/domain';
import { conditionTrue, macroOf } from './condition-true.js';
import { endNodes, type OracleNode, oracleTree } from './oracle-node.js';
import { pipelineWaitsTable } from './pipeline-waits-table.js';

/** An event as the oracle takes it: nodes by nested id. */
export type OracleEvent =
  | { readonly type: 'execution.started' | 'pause.requested' | 'resume.requested' }
  | { readonly type: 'cancel.requested' | 'retry-failed.requested' }
  | {
      readonly type: 'node.finished';
      readonly node: string;
      readonly attempt: number;
      readonly result: 'succeeded' | 'failed' | 'killed-by-sla';
      readonly outputs?: Properties;
      readonly policy?: RetryPolicy;
    }
  | { readonly type: 'timer.fired'; readonly node: string; readonly attempt: number }
  | { readonly type: 'upstream.finished'; readonly nestedIds: readonly string[]; readonly ended: boolean }
  | {
      readonly type: 'worker.lost';
      readonly attempts: readonly { readonly node: string; readonly attempt: number; readonly policy?: RetryPolicy }[];
    };

type Ending = Omit<OracleEvent & { readonly type: 'node.finished' }, 'type'>;

export interface OracleRequest {
  readonly definition: ProjectDefinition;
  readonly flowId: string;
  readonly options: ExecutionOptions;
  readonly jobThreads: number;
}

const NO_RETRY: RetryPolicy = { retries: 0, backoffMs: 0, succeedOnFailure: false };

/**
 * How an execution should go, written from the rule tables of Azkaban's behaviour and deliberately naive: after every
 * event the whole graph is scanned again and again until nothing changes. It shares no code with the engine. Section
 * numbers are those of the description of Azkaban's engine.
 *
 * Decisions of the product, where it does more than Azkaban or Azkaban leaves it open:
 * - 3.6 A pause before the start puts the start off. A kill before the start leaves all jobs READY; a kill after a start
 *   that a pause put off cancels them, as in an execution that has begun.
 * - 3.6 Jobs that wait for a slot, a timer or an older execution go on during a pause; only examination rests.
 * - 3.6 When a pause ends, the failures of the pause are acted on first, all of them, then nodes are examined. A retry by
 *   hand ends a pause in the same way: results are taken in, failures are reopened, then nodes are examined.
 * - 3.6 A retry by hand is ignored before the start and during a kill. It knows no back-off.
 * - 3.6 The mark of a job killed by an SLA is not a kill: its flows are KILLING until they end KILLED, but other nodes are
 *   treated as after any failure, and a retry by hand takes the mark away. A later failure does not change the mark; the
 *   mark replaces FAILED_FINISHING; pause and resume keep it.
 * - 3.6 A kill leaves the status of embedded flows as it is: they end as the table of 3.5 says.
 * - 3.4 A job with `job.succeed.on.failure` is not retried: its attempt does not end FAILED.
 * - 3.4 Under CANCEL_ALL only a failure that fails the flow (no retry left, a plain dependant or none) ends a pause.
 * - 3.5 A flow ends when all its nodes have finished. Without retries by hand that is when its end nodes have; after one,
 *   a node before an end that has finished may run again, and the flow waits for it.
 * - 3.5 If several end nodes have an output of the same name, the one declared last gives it to the flow.
 * - 3.7 Only running jobs hold slots. They are given in the order in which jobs were queued; jobs queued by one event have
 *   no order among each other, there the oracle takes the engine's (`preferred`).
 * - 4.4 A lost attempt counts as failed; attempts lost together are taken in one after another, then nodes are examined.
 * - An execution that has run for too long is killed, as by a user.
 */
export class Oracle {
  readonly nodes: readonly OracleNode[];
  private readonly root: OracleNode;
  private readonly byId: ReadonlyMap<string, OracleNode>;
  private readonly failureAction: FailureAction;
  private begun = false;
  private ended = false;
  private paused = false;
  private failed = false;
  private killed = false;
  /** A job killed by an SLA has marked the execution: it will end KILLED. */
  private slaKilled = false;
  private events = 0;
  private readonly upstreamFinished = new Set<string>();
  private upstreamEnded = false;

  constructor(private readonly request: OracleRequest) {
    const { definition, flowId, options } = request;
    this.nodes = oracleTree(definition, flowId, options.disabledJobs);
    this.root = this.nodes[0] as OracleNode;
    this.byId = new Map(this.nodes.map((node) => [node.nestedId, node]));
    this.failureAction = options.failureActionOverridden
      ? options.failureAction
      : (definition.flows[flowId]?.failureAction ?? options.failureAction);
  }

  /** Jobs that occupy a slot. */
  get running(): readonly OracleNode[] {
    return this.nodes.filter((node) => node.kind === 'job' && isRunning(node));
  }

  /** Jobs in back-off. */
  get timers(): readonly OracleNode[] {
    return this.nodes.filter(({ status, waitsFor }) => status === 'QUEUED' && waitsFor === 'timer');
  }

  /**
   * Applies an event. `preferred` (nested ids) is asked only where the order is open: of the jobs that were queued by
   * one and the same event, which get the free slots.
   */
  apply(event: OracleEvent, preferred: ReadonlySet<string>): void {
    if (this.ended) return;
    this.take(event);
    if (!this.paused) this.settle();
    this.fillSlots(preferred);
    this.events++;
  }

  private take(event: OracleEvent): void {
    switch (event.type) {
      case 'execution.started':
        if (this.begun) return;
        this.begun = true;
        if (!this.paused) this.root.status = 'RUNNING';
        return;
      case 'node.finished':
        return this.endAttempt(event);
      case 'worker.lost':
        for (const lost of event.attempts) this.endAttempt({ ...lost, result: 'failed' });
        return;
      case 'timer.fired': {
        if (event.node === '') return this.cancel();
        const node = this.node(event.node);
        if (node.status === 'QUEUED' && node.waitsFor === 'timer' && node.attempt === event.attempt) this.wait(node);
        return;
      }
      case 'upstream.finished':
        for (const nestedId of event.nestedIds) this.upstreamFinished.add(nestedId);
        this.upstreamEnded ||= event.ended;
        for (const node of this.nodes) if (node.waitsFor === 'upstream') this.wait(node);
        return;
      case 'pause.requested':
        if (this.killed || this.paused) return;
        this.paused = true;
        this.root.status = 'PAUSED';
        return;
      case 'resume.requested':
        if (!this.paused) return;
        this.endPause();
        return this.takeInDeferred();
      case 'cancel.requested':
        return this.cancel();
      case 'retry-failed.requested':
        if (this.killed || !this.begun) return;
        this.endPause();
        this.takeInDeferred();
        this.failed = false;
        this.slaKilled = false;
        return this.reopen(this.root);
    }
  }

  // --- the end of attempts: section 3.4 ---

  private endAttempt(event: Ending): void {
    const node = this.node(event.node);
    if (node.kind === 'flow' || !isRunning(node) || node.attempt !== event.attempt) return;
    const wasKilled = node.status === 'KILLING';
    node.status = wasKilled ? 'KILLED' : statusOf(event);
    if (event.result === 'succeeded' && !wasKilled) node.outputs = event.outputs;
    if (wasKilled || !isFailure(node.status)) return;
    const { policy = NO_RETRY } = event;
    node.deferred = policy;
    if (!this.paused) return this.takeInDeferred();
    if (this.failureAction === 'CANCEL_ALL' && !canRetry(node, policy) && failsTheFlow(node)) {
      this.endPause();
      this.takeInDeferred();
    }
  }

  /** Acts on failures: all of them, before any node is examined. */
  private takeInDeferred(): void {
    const failures = this.nodes.filter(({ deferred }) => deferred !== undefined);
    for (const node of failures) {
      const policy = node.deferred as RetryPolicy;
      node.deferred = undefined;
      if (canRetry(node, policy)) {
        node.attempt++;
        node.status = 'READY';
        node.backoffMs = policy.backoffMs;
      } else if (failsTheFlow(node)) {
        this.failTheFlow(node);
      }
    }
    if (this.failed && this.failureAction === 'CANCEL_ALL' && !this.killed) this.kill();
  }

  private failTheFlow(node: OracleNode): void {
    this.failed = true;
    if (node.status === 'KILLED') this.slaKilled = true;
    const mark: Status = node.status === 'KILLED' ? 'KILLING' : 'FAILED_FINISHING';
    for (let flow = node.parent; flow !== undefined; flow = flow.parent) {
      if (isFinished(flow.status) || flow.status === 'KILLING') continue;
      flow.status = mark;
    }
  }

  // --- pause, kill, retry: section 3.6 ---

  private endPause(): void {
    if (!this.paused) return;
    this.paused = false;
    this.root.status = !this.begun
      ? 'PREPARING'
      : this.slaKilled
        ? 'KILLING'
        : this.failed
          ? 'FAILED_FINISHING'
          : 'RUNNING';
  }

  private cancel(): void {
    if (this.killed) return;
    if (this.begun) return this.kill();
    this.root.status = 'KILLED';
    this.ended = true;
  }

  private kill(): void {
    this.killed = true;
    this.endPause();
    this.root.status = 'KILLING';
    for (const node of this.nodes) {
      if (node.kind !== 'job') continue;
      if (node.status === 'RUNNING') node.status = 'KILLING';
      if (node.status === 'QUEUED') {
        node.status = 'KILLED';
        node.waitsFor = undefined;
      }
    }
    this.takeInDeferred();
  }

  private reopen(flow: OracleNode): void {
    flow.status = 'RUNNING';
    for (const node of flow.children) {
      node.backoffMs = 0;
      if (node.status === 'CANCELLED') node.status = 'READY';
      else if (node.status === 'SKIPPED') node.status = 'DISABLED';
      else if (node.kind === 'flow') {
        if (['FAILED', 'FAILED_FINISHING', 'KILLING', 'KILLED'].includes(node.status)) this.reopen(node);
      } else if (node.status === 'FAILED' || node.status === 'KILLED') {
        node.attempt++;
        node.status = 'READY';
      }
    }
  }

  // --- examination and finishing: sections 3.2 and 3.5 ---

  private settle(): void {
    if (!this.begun) return;
    for (let changed = true; changed;) {
      changed = false;
      for (const node of this.nodes) {
        if (this.examine(node)) changed = true;
        if (this.finalise(node)) changed = true;
      }
    }
  }

  private examine(node: OracleNode): boolean {
    if (node.status !== 'READY' && node.status !== 'DISABLED') return false;
    if (node.parent === undefined || !isUnderWay(node.parent)) return false;
    if (node.dependencies.some(({ status }) => !isFinished(status))) return false;
    if (node.status === 'DISABLED') node.status = 'SKIPPED';
    else if (this.failed && this.failureAction === 'FINISH_CURRENTLY_RUNNING') node.status = 'CANCELLED';
    else if (this.killed) node.status = 'CANCELLED';
    else if (!conditionTrue(node)) node.status = 'CANCELLED';
    else if (node.kind === 'flow') node.status = 'RUNNING';
    else {
      node.status = 'QUEUED';
      if (node.backoffMs > 0) node.waitsFor = 'timer';
      else this.wait(node);
      node.backoffMs = 0;
    }
    return true;
  }

  /** What a QUEUED job that is due waits for: the older execution first, then a slot. */
  private wait(node: OracleNode): void {
    const { pipelineLevel, pipelineExecutionId } = this.request.options;
    const waits =
      pipelineLevel === undefined || pipelineExecutionId === undefined
        ? []
        : pipelineWaitsTable(this.root, node, pipelineLevel);
    if (!this.upstreamEnded && waits.some((nestedId) => !this.upstreamFinished.has(nestedId))) {
      node.waitsFor = 'upstream';
      return;
    }
    node.waitsFor = 'slot';
    node.queuedAt = this.events;
  }

  private finalise(flow: OracleNode): boolean {
    if (flow.kind !== 'flow' || !isUnderWay(flow)) return false;
    if (flow.children.some(({ status }) => !isFinished(status))) return false;
    const ends = endNodes(flow);
    const bad = ends.some(({ status }) => ['KILLED', 'KILLING', 'FAILED', 'CANCELLED'].includes(status));
    if (flow.status === 'RUNNING') flow.status = bad ? 'KILLED' : 'SUCCEEDED';
    else if (flow.status === 'FAILED_FINISHING') flow.status = 'FAILED';
    else flow.status = 'KILLED';
    flow.outputs = Object.assign({}, ...ends.map(({ outputs }) => outputs ?? {})) as Properties;
    if (flow === this.root) this.ended = true;
    return true;
  }

  // --- slots: section 3.7 ---

  private fillSlots(preferred: ReadonlySet<string>): void {
    const queue = this.nodes
      .filter(({ status, waitsFor }) => status === 'QUEUED' && waitsFor === 'slot')
      .sort((a, b) => a.queuedAt - b.queuedAt || rank(a) - rank(b));
    function rank(node: OracleNode): number {
      return preferred.has(node.nestedId) ? 0 : 1;
    }
    for (const node of queue.slice(0, Math.max(0, this.request.jobThreads - this.running.length))) {
      node.status = 'RUNNING';
      node.waitsFor = undefined;
    }
  }

  private node(nestedId: string): OracleNode {
    const node = this.byId.get(nestedId);
    if (node === undefined) throw new Error(`The oracle knows no node "${nestedId}".`);
    return node;
  }
}

function statusOf({ result, policy }: Ending): Status {
  if (result === 'succeeded') return 'SUCCEEDED';
  if (result === 'killed-by-sla') return 'KILLED';
  return policy?.succeedOnFailure === true ? 'FAILED_SUCCEEDED' : 'FAILED';
}

function isRunning({ status }: OracleNode): boolean {
  return status === 'RUNNING' || status === 'KILLING';
}

function isUnderWay({ status }: OracleNode): boolean {
  return status === 'RUNNING' || status === 'FAILED_FINISHING' || status === 'KILLING';
}

function canRetry(node: OracleNode, { retries }: RetryPolicy): boolean {
  return retries > node.attempt;
}

/** Section 3.4, step 2. */
function failsTheFlow(node: OracleNode): boolean {
  return node.dependants.length === 0 || node.dependants.some(({ condition }) => macroOf(condition) === 'all_success');
}
