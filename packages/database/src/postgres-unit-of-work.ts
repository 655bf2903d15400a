import type { Stores, UnitOfWork } from '@lockstep/domain';
import type { Knex } from 'knex';
import { createStores } from './create-stores.js';

export class PostgresUnitOfWork implements UnitOfWork {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result> {
    return this.#db.transaction((transaction) => work(createStores(transaction)));
  }
}
