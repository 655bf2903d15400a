import { createHash } from 'node:crypto';
import type { Session, SessionStore } from '@lockstep/domain';
import type { Knex } from 'knex';
import { TABLE, type SessionRow } from '../tables.js';

const RECORD_EVERY_MS = 60_000;
/** With a short time to live, a use is recorded more often: the part of it that may be lost. */
const RECORD_EVERY_PART = 20;

/** Finds the session and records its use in one statement; the row is written only when the last use was a while ago. */
const TOUCH = `
  with found as (
    select * from sessions where id_hash = :idHash and last_used_at > :usedAfter
  ), used as (
    update sessions s set last_used_at = :now from found f
    where s.id_hash = f.id_hash and f.last_used_at <= :recordBefore and s.last_used_at < :now
  )
  select user_facts, address, created_at from found`;

const DROP_LEAST_RECENT = `
  delete from sessions where id_hash in (
    select id_hash from sessions order by last_used_at desc, created_at desc, id_hash offset ?)`;

export class PostgresSessionStore implements SessionStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(session: Session, { maxSessions }: { maxSessions: number }): Promise<void> {
    await this.#db(TABLE.sessions).insert({
      id_hash: hashOf(session.id),
      user_name: session.user.name,
      address: session.address,
      user_facts: JSON.stringify(session.user),
      created_at: session.createdAt,
      last_used_at: session.createdAt,
    });
    await this.#db.raw(DROP_LEAST_RECENT, [maxSessions]);
  }

  async touch(id: string, { now, timeToLiveMs }: { now: number; timeToLiveMs: number }): Promise<Session | undefined> {
    const { rows } = await this.#db.raw<{ rows: readonly SessionRow[] }>(TOUCH, {
      idHash: hashOf(id),
      now,
      usedAfter: now - timeToLiveMs,
      recordBefore: now - Math.min(RECORD_EVERY_MS, Math.floor(timeToLiveMs / RECORD_EVERY_PART)),
    });
    const row = rows[0];
    return row && { id, user: row.user_facts, address: row.address, createdAt: row.created_at };
  }

  async remove(id: string): Promise<void> {
    await this.#db<SessionRow>(TABLE.sessions)
      .where({ id_hash: hashOf(id) })
      .delete();
  }

  async count(of: { user: string; address: string; now: number; timeToLiveMs: number }): Promise<number> {
    const row = await this.#db<SessionRow>(TABLE.sessions)
      .count({ count: '*' })
      .where({ user_name: of.user, address: of.address })
      .where('last_used_at', '>', of.now - of.timeToLiveMs)
      .first();
    return Number(row?.count ?? 0);
  }

  async expire({ now, timeToLiveMs }: { now: number; timeToLiveMs: number }): Promise<number> {
    return this.#db<SessionRow>(TABLE.sessions)
      .where('last_used_at', '<=', now - timeToLiveMs)
      .delete();
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
