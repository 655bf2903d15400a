import type { Session } from '../user.js';

/** Login sessions; they survive restarts. Expiry slides: every successful `touch` starts the time to live again. */
export interface SessionStore {
  /** Keeps at most `maxSessions`, dropping those used longest ago. */
  add(session: Session, limits: { maxSessions: number }): Promise<void>;
  /** The session if it has been used within `timeToLiveMs` before `now`; records the use (at most once a minute). */
  touch(id: string, use: { now: number; timeToLiveMs: number }): Promise<Session | undefined>;
  remove(id: string): Promise<void>;
  count(of: { user: string; address: string; now: number; timeToLiveMs: number }): Promise<number>;
  /** Deletes the expired ones; returns how many. */
  expire(use: { now: number; timeToLiveMs: number }): Promise<number>;
}
