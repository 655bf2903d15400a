import { isDeepStrictEqual } from 'node:util';
import {
  type ExecutionEvent,
  type ExecutionPlan,
  type ExecutionState,
  isFinished,
  type RetryPolicy,
} from '@lockstep/domain';
import { initialState, planExecution, replay, transition } from '@lockstep/engine';
import { Oracle, type OracleEvent } from '../oracle/oracle.js';
import type { Move, Scenario } from '../random/scenario.js';
import { INVARIANTS, recordsOf, type Step } from './invariants.js';
import { knownDisagreement } from './known-disagreements.js';
import { ObservedRun } from './observed-run.js';

/** Time between two events; longer than the shortest back-off, shorter than the others. */
const TICK_MS = 1_000;

/** Plays a scenario on engine and oracle; throws at the first disagreement, with the events up to there. */
export function play(scenario: Scenario): void {
  const game = new Game(scenario);
  game.tell(() => {
    for (const [index, move] of scenario.moves.entries()) {
      if (index === scenario.startAt) game.start();
      game.move(move);
    }
    game.drain();
    game.checkTheEnd();
  });
  if (game.crashed !== undefined) playAfterCrash(scenario, game.crashed);
}

/** The worker dies after a commit: another one replays the events, reports what is lost, and goes on to the end. */
function playAfterCrash(scenario: Scenario, events: readonly ExecutionEvent[]): void {
  const game = new Game({ ...scenario, crashAt: -1 });
  game.tell(() => {
    game.takeOver(events);
    game.loseAll();
    game.drain();
    game.checkTheEnd();
  });
}

class Game {
  readonly plan: ExecutionPlan;
  crashed: readonly ExecutionEvent[] | undefined;
  private state: ExecutionState;
  private run = new ObservedRun();
  private readonly oracle: Oracle;
  private readonly events: ExecutionEvent[] = [];
  private now = 0;
  private retriedByHand = false;
  private slaKills = 0;

  constructor(private readonly scenario: Scenario) {
    this.plan = planExecution(scenario);
    this.state = initialState(this.plan);
    this.oracle = new Oracle(scenario);
  }

  /** Adds the events to whatever goes wrong. */
  tell(action: () => void): void {
    try {
      action();
    } catch (error) {
      const events = this.events.map((event, index) => `  ${index}: ${this.describe(event)}`).join('\n');
      throw new Error(`${(error as Error).message}\nafter the events\n${events}`, { cause: error });
    }
  }

  start(): void {
    this.happen({ type: 'execution.started', at: this.now });
  }

  move(move: Move): void {
    const event = this.eventOf(move);
    if (event !== undefined && !this.isExcluded(event)) this.happen(event);
  }

  private isExcluded(event: ExecutionEvent): boolean {
    return knownDisagreement({ plan: this.plan, state: this.state, event }) !== undefined;
  }

  /** Lets everything that is going on come to its end; throws if nothing is going on and the execution has not ended. */
  drain(): void {
    if (!this.events.some(({ type }) => type === 'execution.started')) this.start();
    if (this.state.paused) this.happen({ type: 'resume.requested', at: this.now, user: 'u' });
    this.happen({ type: 'upstream.finished', at: this.now, nestedIds: [], ended: true });
    while (!this.hasEnded) {
      const job = [...this.run.running][0];
      const timer = this.jobTimers[0];
      if (job !== undefined) this.happen(this.endOf(job[0], 'succeeded'));
      else if (timer !== undefined) this.happen(this.fireOf(timer));
      else throw new Error('the execution is stuck: nothing runs, no timer is armed, and it has not ended');
    }
  }

  checkTheEnd(): void {
    const status = this.state.nodes[0]?.status ?? 'READY';
    if (this.state.killed && status !== 'KILLED') throw new Error(`killed, but ended ${status}`);
    const { running, counts } = this.run;
    if (running.size > 0) throw new Error(`ended while ${this.names(running.keys())} run`);
    if (this.jobTimers.length > 0) throw new Error(`ended with armed timers: ${this.names(this.jobTimers)}`);
    this.checkReplay();
    if (status === 'FAILED' && !this.retriedByHand && this.slaKills === 0 && counts['first-failure'] !== 1) {
      throw new Error(`FAILED with ${counts['first-failure']} first-failure notifications instead of 1`);
    }
    this.checkNothingHappensAnyMore();
  }

  /** Brings a fresh game to where the first worker died, then goes on as another worker would. */
  takeOver(events: readonly ExecutionEvent[]): void {
    for (const event of events) this.happen(event);
    this.state = replay(this.plan, events);
    this.run = ObservedRun.takeOver(this.plan, this.state, this.run);
  }

  loseAll(): void {
    const attempts = [...this.run.running].map(([node, attempt]) => ({ node, attempt, ...this.policy(node) }));
    const event = { type: 'worker.lost', at: this.now, attempts } as const;
    if (!this.isExcluded(event)) this.happen(event);
  }

  private get jobTimers(): readonly number[] {
    return [...this.run.timers.keys()].filter((node) => node !== 0);
  }

  private get hasEnded(): boolean {
    return isFinished(this.state.nodes[0]?.status ?? 'READY');
  }

  private eventOf(move: Move): ExecutionEvent | undefined {
    const at = this.now;
    switch (move.move) {
      case 'end': {
        const node = picked([...this.run.running.keys()], move.pick);
        return node === undefined ? undefined : this.endOf(node, move.result, move.output);
      }
      case 'fire': {
        const node = picked([...this.run.timers.keys()], move.pick);
        return node === undefined ? undefined : this.fireOf(node);
      }
      case 'duplicate': {
        const event = picked(this.events.slice(-12), move.pick);
        const isFact =
          event?.type === 'node.finished' || event?.type === 'timer.fired' || event?.type === 'worker.lost';
        return isFact || event?.type === 'execution.started' ? { ...event, at } : undefined;
      }
      case 'stale': {
        // About attempts that do not run: superseded, not begun, or finished long ago.
        const node = picked(this.jobs(), move.pick);
        if (node === undefined) return undefined;
        const attempt = (this.state.nodes[node]?.attempt ?? 0) - move.behind;
        if (this.run.running.get(node) === attempt) return undefined;
        return { type: 'node.finished', at, node, attempt, result: move.result };
      }
      case 'lose': {
        const nodes = new Set(move.picks.map((pick) => picked([...this.run.running.keys()], pick)));
        const attempts = [...nodes]
          .filter((node) => node !== undefined)
          .map((node) => ({ node, attempt: this.run.running.get(node) ?? 0, ...this.policy(node) }));
        return { type: 'worker.lost', at, attempts };
      }
      case 'upstream': {
        const nestedIds = move.picks.map((pick) => picked(this.plan.nodes, pick)?.nestedId ?? '');
        return { type: 'upstream.finished', at, nestedIds, ended: false };
      }
      default:
        return { type: `${move.move}.requested`, at, user: 'u' };
    }
  }

  private endOf(node: number, result: 'succeeded' | 'failed' | 'killed-by-sla', output?: string): ExecutionEvent {
    const attempt = this.run.running.get(node) ?? 0;
    const fact = { type: 'node.finished', at: this.now, node, attempt, result } as const;
    if (result !== 'succeeded') return { ...fact, ...this.policy(node) };
    return { ...fact, ...(output === undefined ? {} : { outputs: { x: output } }) };
  }

  private fireOf(node: number): ExecutionEvent {
    const { attempt, at } = this.run.timers.get(node) ?? { attempt: 0, at: 0 };
    this.now = Math.max(this.now, at);
    return { type: 'timer.fired', at: this.now, node, attempt };
  }

  /** A job that has nothing to say about failures sends no policy at all. */
  private policy(node: number): { policy?: RetryPolicy } {
    const policy = this.scenario.policies.get(this.plan.nodes[node]?.jobKey ?? '');
    const silent = policy === undefined || (policy.retries === 0 && !policy.succeedOnFailure);
    return silent ? {} : { policy };
  }

  private happen(event: ExecutionEvent): void {
    if (this.events.length === this.scenario.crashAt) this.crash();
    this.events.push(event);
    this.now += TICK_MS;
    if (event.type === 'retry-failed.requested') this.retriedByHand = true;
    if (event.type === 'node.finished' && event.result === 'killed-by-sla') this.slaKills++;
    const before = recordsOf(this.plan, this.state);
    const result = transition(this.plan, this.state, event);
    this.run.before(event);
    this.run.perform(result.commands, this.state);
    this.checkInvariants({ plan: this.plan, event, before, state: this.state, transition: result });
    this.oracle.apply(this.oracleEvent(event), startedBefore(this.run, this.plan));
    this.compare();
  }

  private crash(): void {
    if (this.hasEnded) return;
    this.crashed = [...this.events];
    this.checkReplay();
  }

  private checkReplay(): void {
    if (!isDeepStrictEqual(replay(this.plan, this.events), this.state)) {
      throw new Error('the replay of the events gives another state');
    }
  }

  private checkInvariants(step: Step): void {
    for (const [name, check] of Object.entries(INVARIANTS)) {
      try {
        check(step);
      } catch (error) {
        throw new Error(`Invariant broken: ${name}: ${(error as Error).message}`, { cause: error });
      }
    }
  }

  /** The whole point: statuses, attempts, running jobs and timers are what the oracle says. */
  private compare(): void {
    const differences = this.oracle.nodes.flatMap(({ nestedId, status, attempt }) => {
      const node = this.state.nodes[this.plan.indexOf.get(nestedId) ?? -1];
      if (node?.status === status && node.attempt === attempt) return [];
      return [`${nestedId || 'the execution'} is ${node?.status}/${node?.attempt}, should be ${status}/${attempt}`];
    });
    const running = this.names(this.run.running.keys());
    const expected = names(this.oracle.running.map(({ nestedId }) => nestedId));
    if (running !== expected) differences.push(`running: ${running}, should be ${expected}`);
    const armed = this.names(this.jobTimers);
    const timers = names(this.oracle.timers.map(({ nestedId }) => nestedId));
    if (armed !== timers) differences.push(`timers: ${armed}, should be ${timers}`);
    if (differences.length > 0) throw new Error(`The engine and the oracle disagree:\n  ${differences.join('\n  ')}`);
  }

  private checkNothingHappensAnyMore(): void {
    const end = replay(this.plan, this.events);
    const late: ExecutionEvent[] = [
      ...this.events.slice(0, 5).map((event) => ({ ...event, at: this.now })),
      ...(['pause', 'resume', 'cancel', 'retry-failed'] as const).map(
        (action) => ({ type: `${action}.requested`, at: this.now, user: 'u' }) as const,
      ),
      { type: 'execution.started', at: this.now },
      ...this.jobs().map((node) => {
        const attempt = this.state.nodes[node]?.attempt ?? 0;
        return { type: 'node.finished', at: this.now, node, attempt, result: 'failed' } as const;
      }),
    ];
    for (const event of late) {
      const { commands } = transition(this.plan, this.state, event);
      if (commands.length > 0 || !isDeepStrictEqual(this.state, end)) {
        throw new Error(`After the end, ${this.describe(event)} changed something: ${JSON.stringify(commands)}`);
      }
    }
  }

  private jobs(): readonly number[] {
    return this.plan.nodes.filter(({ kind }) => kind === 'job').map(({ index }) => index);
  }

  private name(index: number): string {
    return this.plan.nodes[index]?.nestedId ?? '?';
  }

  private names(indices: Iterable<number>): string {
    return names([...indices].map((index) => this.name(index)));
  }

  private oracleEvent(event: ExecutionEvent): OracleEvent {
    switch (event.type) {
      case 'node.finished':
      case 'timer.fired':
        return { ...event, node: this.name(event.node) };
      case 'worker.lost':
        return { ...event, attempts: event.attempts.map((lost) => ({ ...lost, node: this.name(lost.node) })) };
      default:
        return event;
    }
  }

  private describe(event: ExecutionEvent): string {
    const { type, at: _at, ...rest } = this.oracleEvent(event) as OracleEvent & { at: number };
    return Object.keys(rest).length === 0 ? type : `${type} ${JSON.stringify(rest)}`;
  }
}

/** Nested ids of the jobs the engine has begun: only asked where the order is open. */
function startedBefore(run: ObservedRun, plan: ExecutionPlan): ReadonlySet<string> {
  return new Set([...run.running.keys()].map((index) => plan.nodes[index]?.nestedId ?? ''));
}

function names(nestedIds: readonly string[]): string {
  return [...nestedIds].sort().join(' ') || 'none';
}

function picked<T>(among: readonly T[], pick: number): T | undefined {
  return among[pick % among.length];
}
