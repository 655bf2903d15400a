import { isFailure, isFinished, type AttemptRecord, type Clock, type Status } from '@lockstep/domain';
import { durationText } from './duration-text.js';
import { statusText } from './status-text.js';
import type { Terminal } from './terminal.js';

export interface RunProgress {
  /** Takes what a commit has changed. */
  show(records: readonly AttemptRecord[]): void;
  /** Takes the live lines away; what has been printed stays. */
  end(): void;
}

const REDRAW_MS = 200;

/**
 * The progress of a run: one line for each change that lasts, and on a terminal below them, redrawn in place, the jobs that
 * run and a summary.
 */
export function createRunProgress({
  terminal,
  clock,
  jobs,
}: {
  terminal: Terminal;
  clock: Clock;
  jobs: number;
}): RunProgress {
  const running = new Map<string, AttemptRecord>();
  const finished = new Map<string, Status>();
  const startedAt = clock.now();
  let drawnLines = 0;
  const timer = terminal.isInteractive ? setInterval(redraw, REDRAW_MS) : undefined;

  function take(record: AttemptRecord): void {
    const { nestedId, status, attempt } = record;
    if (nestedId === '') return;
    if (isFinished(status)) {
      running.delete(nestedId);
      finished.set(nestedId, status);
      terminal.print(finishedLine(record));
    } else if (status === 'RUNNING') {
      if (!running.has(nestedId) && !terminal.isInteractive)
        terminal.print(`${nestedId} ${statusText(status, terminal.colors)}${retry(attempt)}`);
      running.set(nestedId, record);
    } else {
      running.delete(nestedId);
    }
  }

  function finishedLine({ nestedId, status, attempt, startedAt: from, endedAt: to }: AttemptRecord): string {
    const took = from === undefined || to === undefined || to === from ? '' : ` after ${durationText(to - from)}`;
    return `${nestedId} ${statusText(status, terminal.colors)}${retry(attempt)}${took}`;
  }

  function erase(): void {
    if (drawnLines > 0) terminal.write(`${CSI}${drawnLines}A${CSI}0J`);
    drawnLines = 0;
  }

  function draw(): void {
    if (timer === undefined) return;
    const lines = [...liveLines(), summary()].map((line) => shortened(line, terminal.columns - 1));
    terminal.write(lines.map((line) => `${line}\n`).join(''));
    drawnLines = lines.length;
  }

  function redraw(): void {
    erase();
    draw();
  }

  function liveLines(): readonly string[] {
    const room = Math.max(1, terminal.rows - 4);
    const lines = [...running.values()].map((record) => {
      const since = durationText(clock.now() - (record.startedAt ?? clock.now()));
      return `  ${record.nestedId} running${retry(record.attempt)} ${since}`;
    });
    return lines.length <= room ? lines : [...lines.slice(0, room - 1), `  and ${lines.length - room + 1} more`];
  }

  function summary(): string {
    const failed = [...finished.values()].filter(isFailure).length;
    const parts = [
      `${finished.size} of ${jobs} done`,
      `${running.size} running`,
      ...(failed > 0 ? [`${failed} failed`] : []),
    ];
    return `${parts.join(', ')}  ${durationText(clock.now() - startedAt)}`;
  }

  return {
    show(records) {
      erase();
      for (const record of records) take(record);
      draw();
    },
    end() {
      clearInterval(timer);
      erase();
    },
  };
}

/** Begins a control sequence of a terminal; `CSI n A` goes n lines up, `CSI 0 J` erases what is below. */
const CSI = `${String.fromCharCode(27)}[`;

function retry(attempt: number): string {
  return attempt === 0 ? '' : ` (retry ${attempt})`;
}

function shortened(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}
