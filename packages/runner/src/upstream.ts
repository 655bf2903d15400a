import type { ExecutionJournal, ExecutionPlan } from '@lockstep/domain';

export interface UpstreamOptions {
  readonly journal: ExecutionJournal;
  /** The older execution this one is pipelined behind. */
  readonly executionId: number;
  /** What the new execution waits for, over all its jobs. */
  readonly awaited: ReadonlySet<string>;
  /** Plan of the older execution; nodes it does not have hold nobody up. Undefined: it is not known any more. */
  readonly olderPlan: ExecutionPlan | undefined;
  readonly onFinished: (progress: { nestedIds: readonly string[]; ended: boolean }) => void;
  readonly onProblem: (message: string, error: unknown) => void;
}

/** Follows an older execution for one that is pipelined behind it. */
export interface Upstream {
  readonly executionId: number;
  /** Looks how far it has got, and tells what is new. Looks that overlap become one more look. */
  look(): Promise<void>;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { journal, executionId, olderPlan, onFinished, onProblem } = options;
  const waiting = new Set(options.awaited);
  let looking = false;
  let lookAgain = false;
  let ended = false;

  const tell = (nestedIds: readonly string[]) => {
    for (const nestedId of nestedIds) waiting.delete(nestedId);
    if (nestedIds.length > 0 || ended) onFinished({ nestedIds, ended });
  };

  const lookOnce = async () => {
    const progress = await journal.progressOf(executionId, [...waiting]);
    ended = progress.ended;
    const missing = [...waiting].filter((nestedId) => olderPlan?.indexOf.has(nestedId) !== true);
    tell([...new Set([...progress.finished, ...missing])]);
  };

  return {
    executionId,
    async look() {
      if (ended) return;
      lookAgain = true;
      if (looking) return;
      looking = true;
      try {
        while (lookAgain && !ended) {
          lookAgain = false;
          await lookOnce();
        }
      } catch (error) {
        onProblem('The progress of an older execution could not be read', error);
      } finally {
        looking = false;
      }
    },
  };
}

/** Everything the jobs of a pipelined execution wait for. */
export function awaitedNodes(plan: ExecutionPlan): ReadonlySet<string> {
  return new Set(plan.nodes.flatMap((node) => node.waitsFor));
}
