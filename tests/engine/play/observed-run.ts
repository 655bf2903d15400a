import type { Command, ExecutionEvent, ExecutionPlan, ExecutionState } from '@lockstep/domain';
import { isFinished } from '@lockstep/domain';

/** What a worker that performs the engine's commands would have going on. */
export class ObservedRun {
  /** Running jobs: node → attempt. */
  readonly running = new Map<number, number>();
  /** Armed timers: node → attempt and time. */
  readonly timers = new Map<number, { readonly attempt: number; readonly at: number }>();
  readonly started = new Set<string>();
  readonly counts = { 'first-failure': 0, finished: 0, 'finish-execution': 0 };

  /** Takes over an execution another worker has begun: nothing runs, timers are armed again. */
  static takeOver(plan: ExecutionPlan, state: ExecutionState, before: ObservedRun): ObservedRun {
    const run = new ObservedRun();
    for (const key of before.started) run.started.add(key);
    Object.assign(run.counts, before.counts);
    for (const { index, kind } of plan.nodes) {
      const node = state.nodes[index];
      if (node === undefined) continue;
      if (index === 0 && node.dueAt !== undefined) run.timers.set(index, { attempt: node.attempt, at: node.dueAt });
      if (kind === 'flow') continue;
      if (node.status === 'RUNNING' || node.status === 'KILLING') run.running.set(index, node.attempt);
      if (node.status === 'QUEUED' && node.waiting === 'timer' && node.dueAt !== undefined) {
        run.timers.set(index, { attempt: node.attempt, at: node.dueAt });
      }
    }
    return run;
  }

  /** What the event itself says has ended. */
  before(event: ExecutionEvent): void {
    if (event.type === 'node.finished') this.end(event);
    if (event.type === 'worker.lost') for (const attempt of event.attempts) this.end(attempt);
    if (event.type === 'timer.fired' && this.timers.get(event.node)?.attempt === event.attempt) {
      this.timers.delete(event.node);
    }
  }

  private end({ node, attempt }: { readonly node: number; readonly attempt: number }): void {
    if (this.running.get(node) === attempt) this.running.delete(node);
  }

  /** Performs the commands; throws on one that no worker could make sense of. */
  perform(commands: readonly Command[], state: ExecutionState): void {
    for (const command of commands) {
      switch (command.type) {
        case 'start-node': {
          const key = `${command.node}/${command.attempt}`;
          if (this.started.has(key)) throw new Error(`start-node came twice for node/attempt ${key}`);
          this.started.add(key);
          this.running.set(command.node, command.attempt);
          break;
        }
        case 'kill-node':
          if (!this.started.has(`${command.node}/${command.attempt}`)) {
            throw new Error(`kill-node ${command.node}/${command.attempt} of an attempt that was never started`);
          }
          break;
        case 'arm-timer':
          this.timers.set(command.node, { attempt: command.attempt, at: command.at });
          break;
        case 'disarm-timer':
          this.timers.delete(command.node);
          break;
        case 'notify':
          this.counts[command.about]++;
          break;
        case 'finish-execution':
          this.counts[command.type]++;
          if (!isFinished(state.nodes[0]?.status ?? 'READY')) {
            throw new Error(`finish-execution while the execution is ${state.nodes[0]?.status}`);
          }
      }
    }
  }
}
