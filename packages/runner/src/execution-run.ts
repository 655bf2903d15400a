import {
  isFinished,
  type AttemptRecord,
  type Command,
  type Execution,
  type ExecutionEvent,
  type ExecutionJournal,
  type ExecutionPlan,
  type ExecutionState,
  type Lease,
  type LogChunk,
} from '@lockstep/domain';
import { recordOf, replay, transition } from '@lockstep/engine';
import type { AttemptLog } from '@lockstep/log-store';
import type { AttemptOutcome, Attempts } from './attempts.js';
import { describeChange, flowTimeoutLine, type FlowLogLine } from './flow-log-lines.js';
import { retryDelayMs } from './retry-delay.js';
import type { Timers } from './timers.js';
import { awaitedNodes, createUpstream, type Upstream } from './upstream.js';

/** Events of one commit: enough to make a storm of tiny jobs cheap, few enough not to hold up the process. */
const MAX_EVENTS_PER_COMMIT = 1_000;

/** Why a run is over for this worker. */
export type RunEnd = 'finished' | 'fenced' | 'released';

export interface ExecutionRunOptions {
  readonly lease: Lease;
  readonly execution: Execution;
  readonly plan: ExecutionPlan;
  /** What happened before this worker took the execution. */
  readonly history: readonly ExecutionEvent[];
  readonly sequence: number;
  readonly journal: ExecutionJournal;
  readonly flowLog: AttemptLog;
  readonly attempts: Attempts;
  readonly timers: Timers;
  /** Of the execution this one is pipelined behind. */
  readonly olderPlan: ExecutionPlan | undefined;
  readonly now: () => number;
  readonly onProblem: (message: string, error: unknown) => void;
  /** Called after each commit with what changed, for whoever watches live (the progress of `lockstep run`). */
  readonly onChange?: (records: readonly AttemptRecord[]) => void;
}

interface Incoming {
  readonly event: ExecutionEvent;
  readonly logChunks?: readonly LogChunk[];
  readonly requestId?: number;
  /** Called once the event is durable. */
  readonly committed?: () => void;
}

interface Batch {
  readonly events: ExecutionEvent[];
  readonly records: Map<string, AttemptRecord>;
  readonly commands: Command[];
  readonly logChunks: LogChunk[];
  readonly requestIds: number[];
  readonly committed: (() => void)[];
  modifiedBy: string | undefined;
}

/**
 * One execution in the hands of this worker: takes events in, asks the engine, writes what follows in one commit, and
 * only then acts. Nothing is started before the commit that says so is durable.
 */
export class ExecutionRun {
  readonly #options: ExecutionRunOptions;
  readonly #state: ExecutionState;
  readonly #inbox: Incoming[] = [];
  readonly #seenRequests = new Set<number>();
  readonly #upstream: Upstream | undefined;
  readonly #ended: Promise<RunEnd>;
  #end: (end: RunEnd) => void = () => undefined;
  #sequence: number;
  #draining = false;
  #stopping: RunEnd | undefined;
  #modifiedBy: string | undefined;

  constructor(options: ExecutionRunOptions) {
    this.#options = options;
    this.#state = replay(options.plan, options.history);
    this.#sequence = options.sequence;
    this.#modifiedBy = options.execution.modifiedBy;
    this.#upstream = this.#followUpstream();
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Starts the execution, or goes on with it; resolves when it is over for this worker. */
  async run(): Promise<RunEnd> {
    const { history } = this.#options;
    await this.checkRequests();
    if (history.length === 0) this.post({ event: { type: 'execution.started', at: this.#options.now() } });
    else await this.#takeUp();
    void this.#upstream?.look();
    return this.#ended;
  }

  post(incoming: Incoming): void {
    if (this.#stopping !== undefined) return;
    this.#inbox.push(incoming);
    void this.#drain();
  }

  /** Reads the requests (pause, cancel …) users have left for this execution. */
  async checkRequests(): Promise<void> {
    try {
      const requests = await this.#options.journal.pendingRequests(this.#options.lease.executionId);
      for (const { id, kind, user } of requests) {
        if (this.#seenRequests.has(id)) continue;
        this.#seenRequests.add(id);
        this.post({ event: { type: `${kind}.requested`, user, at: this.#options.now() }, requestId: id });
      }
    } catch (error) {
      this.#options.onProblem('The requests of an execution could not be read', error);
    }
  }

  /** An execution that others are pipelined behind has got further. */
  async upstreamMoved(executionId: number): Promise<void> {
    if (this.#upstream?.executionId === executionId) await this.#upstream.look();
  }

  /** Another worker owns the execution now, or may: stop everything, write nothing. */
  async abandon(): Promise<void> {
    await this.#stop('fenced');
  }

  /** This worker shuts down: stop what runs here and give the execution back. */
  async release(): Promise<void> {
    if (!(await this.#stop('released'))) return;
    await this.#options.journal.release(this.#options.lease, 'now').catch((error: unknown) => {
      this.#options.onProblem('An execution could not be given back; it will be taken over when the lease ends', error);
    });
  }

  /** Ends the processes of this execution with SIGKILL, for a process that must end at once. */
  killAtOnce(): Promise<void> {
    return this.#options.attempts.killAtOnce();
  }

  async #stop(end: 'fenced' | 'released'): Promise<boolean> {
    if (this.#stopping !== undefined) return false;
    this.#stopping = end;
    this.#inbox.length = 0;
    this.#options.timers.disarmAll();
    await this.#options.attempts.abandonAll();
    if (end === 'released') await this.#options.flowLog.flush().catch(() => undefined);
    this.#options.flowLog.abandon();
    this.#end(end);
    return true;
  }

  /** After a crash of another worker: what it ran is lost, what waited goes on waiting. */
  async #takeUp(): Promise<void> {
    const { plan, attempts, now } = this.#options;
    const lost: { node: number; attempt: number }[] = [];
    this.#state.nodes.forEach((node, index) => {
      const isJob = plan.nodes[index]?.kind === 'job';
      if (isJob && (node.status === 'RUNNING' || node.status === 'KILLING')) {
        lost.push({ node: index, attempt: node.attempt });
      }
      if (node.dueAt !== undefined && !isFinished(node.status)) this.#armTimer(index, node.attempt, node.dueAt);
    });
    for (const { node } of lost) {
      this.#log({ level: 'WARN', text: `The worker that ran job '${plan.nodes[node]?.nestedId}' is gone.` });
    }
    await Promise.all(lost.map(({ node, attempt }) => attempts.killLeftovers(node, attempt)));
    const withPolicies = lost.map(({ node, attempt }) => ({
      node,
      attempt,
      policy: attempts.policyAfterLoss(this.#state, node, attempt),
    }));
    this.post({ event: { type: 'worker.lost', at: now(), attempts: withPolicies } });
  }

  #followUpstream(): Upstream | undefined {
    const { plan, olderPlan, journal, now, onProblem } = this.#options;
    if (plan.pipelineExecutionId === undefined) return undefined;
    return createUpstream({
      journal,
      executionId: plan.pipelineExecutionId,
      awaited: awaitedNodes(plan),
      olderPlan,
      onFinished: (progress) => this.post({ event: { type: 'upstream.finished', at: now(), ...progress } }),
      onProblem,
    });
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    try {
      while (this.#inbox.length > 0 && this.#stopping === undefined) {
        const batch = this.#applyInbox();
        const verdict = await this.#commit(batch);
        if (verdict === 'fenced') return void this.abandon();
        for (const committed of batch.committed) committed();
        this.#options.onChange?.([...batch.records.values()]);
        if (this.#finished()) return this.#conclude();
        for (const command of batch.commands) this.#perform(command);
      }
    } catch (error) {
      this.#options.onProblem('An execution had to be given up; it will be taken over', error);
      await this.abandon();
    } finally {
      this.#draining = false;
    }
  }

  /** Applies what has come in, and at once what instant jobs (noop) add to it. */
  #applyInbox(): Batch {
    const batch: Batch = {
      events: [],
      records: new Map(),
      commands: [],
      logChunks: [],
      requestIds: [],
      committed: [],
      modifiedBy: undefined,
    };
    let taken = 0;
    while (taken < this.#inbox.length && batch.events.length < MAX_EVENTS_PER_COMMIT) {
      this.#apply(this.#inbox[taken] as Incoming, batch);
      taken += 1;
    }
    this.#inbox.splice(0, taken);
    return batch;
  }

  #apply(incoming: Incoming, batch: Batch): void {
    const { plan, attempts } = this.#options;
    const { touched, closed, commands } = transition(plan, this.#state, incoming.event);
    batch.events.push(incoming.event);
    if (incoming.logChunks !== undefined) batch.logChunks.push(...incoming.logChunks);
    if (incoming.requestId !== undefined) batch.requestIds.push(incoming.requestId);
    if (incoming.committed !== undefined) batch.committed.push(incoming.committed);
    if ('user' in incoming.event) this.#modifiedBy = incoming.event.user;
    for (const record of closed) this.#record(record, batch);
    for (const index of touched) this.#record(recordOf(plan, this.#state, index), batch);
    for (const command of commands) {
      const instant =
        command.type === 'start-node' ? attempts.runInstantly(this.#state, command.node, command.attempt) : undefined;
      if (instant === undefined) batch.commands.push(command);
      else this.#inbox.push(this.#incomingOf(command as Command & { type: 'start-node' }, instant));
    }
  }

  #record(record: AttemptRecord, batch: Batch): void {
    if (record.nestedId !== '') batch.records.set(`${record.attempt} ${record.nestedId}`, record);
    const line = describeChange(record, this.#options.execution);
    if (line !== undefined) this.#log(line);
  }

  async #commit(batch: Batch): Promise<'committed' | 'fenced'> {
    const { lease, journal, plan, flowLog } = this.#options;
    const root = recordOf(plan, this.#state, 0);
    if (this.#finished()) batch.logChunks.push(...(await flowLog.finish()).pendingTail);
    const commit = {
      lease,
      sequence: this.#sequence,
      events: batch.events,
      execution: {
        status: root.status,
        ...(root.startedAt === undefined ? {} : { startedAt: root.startedAt }),
        ...(root.endedAt === undefined ? {} : { endedAt: root.endedAt }),
        updatedAt: root.updatedAt,
        ...(this.#modifiedBy === undefined ? {} : { modifiedBy: this.#modifiedBy }),
      },
      attempts: [...batch.records.values()],
      logChunks: batch.logChunks,
      handledRequestIds: batch.requestIds,
    };
    this.#sequence += 1;
    for (let tries = 0; ; tries += 1) {
      try {
        return await journal.commit(commit);
      } catch (error) {
        // The database is away. The same commit is repeated until it answers, or until the lease is given up.
        if (this.#stopping !== undefined) return 'fenced';
        this.#options.onProblem(`The progress of an execution could not be written; trying again`, error);
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs(tries)));
      }
    }
  }

  #perform(command: Command): void {
    const { attempts, timers } = this.#options;
    switch (command.type) {
      case 'start-node':
        return this.#start(command);
      case 'kill-node':
        return attempts.kill(command.node, command.attempt);
      case 'arm-timer':
        return this.#armTimer(command.node, command.attempt, command.at);
      case 'disarm-timer':
        return timers.disarm(timerKey(command.node, command.attempt));
      case 'notify':
      case 'finish-execution':
        return;
    }
  }

  #start(command: Command & { type: 'start-node' }): void {
    void this.#options.attempts
      .run(this.#state, command.node, command.attempt)
      .then((outcome) => {
        if (outcome !== undefined) this.post(this.#incomingOf(command, outcome));
      })
      .catch((error: unknown) => {
        this.#options.onProblem('An attempt broke the worker; its execution is given up', error);
        return this.abandon();
      });
  }

  #incomingOf({ node, attempt }: { node: number; attempt: number }, outcome: AttemptOutcome): Incoming {
    const { result, outputs, policy, logChunks, committed } = outcome;
    return {
      event: {
        type: 'node.finished',
        at: this.#options.now(),
        node,
        attempt,
        result,
        policy,
        ...(outputs === undefined ? {} : { outputs }),
      },
      logChunks,
      ...(committed === undefined ? {} : { committed }),
    };
  }

  #armTimer(node: number, attempt: number, at: number): void {
    this.#options.timers.arm(timerKey(node, attempt), at, () => {
      if (node === 0) this.#log(flowTimeoutLine(this.#options.plan));
      this.post({ event: { type: 'timer.fired', node, attempt, at: this.#options.now() } });
    });
  }

  #finished(): boolean {
    return isFinished(recordOf(this.#options.plan, this.#state, 0).status);
  }

  #conclude(): void {
    this.#stopping = 'finished';
    this.#options.timers.disarmAll();
    this.#end('finished');
  }

  #log({ level, text }: FlowLogLine): void {
    this.#options.flowLog.line(level, text);
  }
}

function timerKey(node: number, attempt: number): string {
  return `${node}/${attempt}`;
}
