import type { EventOf } from '@lockstep/domain';
import { rootState, type Step } from '../step.js';
import { startFlow } from '../rules/start-flow.js';

export function executionStarted(step: Step, event: EventOf<'execution.started'>): void {
  const root = rootState(step);
  if (root.startedAt !== undefined) return;
  root.startedAt = event.at;
  step.touched.add(0);
  if (step.plan.timeoutMs !== undefined) {
    root.dueAt = event.at + step.plan.timeoutMs;
    step.commands.push({ type: 'arm-timer', node: 0, attempt: 0, at: root.dueAt });
  }
  if (step.state.paused) {
    step.state.deferred.push(0);
    return;
  }
  startFlow(step, 0);
}
