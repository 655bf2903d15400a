import type { EventOf, ExecutionEventType } from '@lockstep/domain';
import type { Step } from '../step.js';
import { cancelRequested } from './cancel-requested.js';
import { executionStarted } from './execution-started.js';
import { nodeFinished } from './node-finished.js';
import { pauseRequested } from './pause-requested.js';
import { resumeRequested } from './resume-requested.js';
import { retryFailedRequested } from './retry-failed-requested.js';
import { timerFired } from './timer-fired.js';
import { upstreamFinished } from './upstream-finished.js';
import { workerLost } from './worker-lost.js';

/** One handler per event; the mapped type makes a forgotten one a compile error. */
export const HANDLERS: { readonly [Type in ExecutionEventType]: (step: Step, event: EventOf<Type>) => void } = {
  'execution.started': executionStarted,
  'node.finished': nodeFinished,
  'timer.fired': timerFired,
  'pause.requested': pauseRequested,
  'resume.requested': resumeRequested,
  'cancel.requested': cancelRequested,
  'retry-failed.requested': retryFailedRequested,
  'upstream.finished': upstreamFinished,
  'worker.lost': workerLost,
};
