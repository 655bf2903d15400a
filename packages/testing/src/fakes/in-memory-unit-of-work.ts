import type { Stores, UnitOfWork } from '@lockstep/domain';

/** One transaction after another; one that throws leaves everything as it was. */
export class InMemoryUnitOfWork implements UnitOfWork {
  readonly #stores: Stores;
  readonly #snapshot: () => () => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: { stores: Stores; snapshot: () => () => void }) {
    this.#stores = options.stores;
    this.#snapshot = options.snapshot;
  }

  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => this.#run(work));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #run<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
    const restore = this.#snapshot();
    try {
      return await work(this.#stores);
    } catch (error) {
      restore();
      throw error;
    }
  }
}
