import type { ZipProblem } from './loaded-project.js';

export type ProblemPlace = Omit<ZipProblem, 'severity' | 'message'>;

/** Collects what is wrong while a project is loaded. Equal messages at one place are one problem. */
export class Problems {
  private readonly found = new Map<string, ZipProblem>();

  error(message: string, place: ProblemPlace = {}): void {
    this.add({ severity: 'error', message, ...place });
  }

  warning(message: string, place: ProblemPlace = {}): void {
    this.add({ severity: 'warning', message, ...place });
  }

  get list(): readonly ZipProblem[] {
    return [...this.found.values()];
  }

  /** Azkaban keeps messages as a set in no order; sorted, two uploads of one zip answer the same. */
  messages(severity: ZipProblem['severity']): readonly string[] {
    const messages = this.list.filter((problem) => problem.severity === severity).map((problem) => problem.message);
    return [...new Set(messages)].sort();
  }

  private add(problem: ZipProblem): void {
    const { severity, message, file = '', line = 0 } = problem;
    const key = [severity, message, file, line].join('\n');
    if (!this.found.has(key)) this.found.set(key, problem);
  }
}
