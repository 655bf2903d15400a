import type { ConnectionOptions } from 'node:tls';
import type { MessageData, MessageJob } from './message.js';

export type QueueOptions = PostgresQueueOptions | RedisQueueOptions;

interface CommonQueueOptions {
  /** After how long a message that a worker took, but died before removing, goes to another one; 10 s by default. */
  readonly staleAfterMs?: number;
}

export interface PostgresQueueOptions extends CommonQueueOptions {
  readonly kind: 'postgres';
  /** A connection string, or its parts. The queue opens connections of its own. */
  readonly connection: string | PostgresAddress;
  /** Where BullMQ's tables live, apart from the product's own. */
  readonly schema: string;
}

/** Parts of a connection, named as node-postgres does; a `host` that begins with a slash is a folder with a socket. */
export interface PostgresAddress {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly ssl?: boolean | ConnectionOptions;
  /** Settings for the server, as in `-c search_path=mine`. */
  readonly options?: string;
}

export interface RedisQueueOptions extends CommonQueueOptions {
  readonly kind: 'redis';
  /** `redis://`, or `rediss://` for TLS. */
  readonly url: string;
  /** Beginning of all keys, so that several installations can share a Redis; "lockstep" by default. */
  readonly prefix?: string;
}

/** Where messages wait. Opens no connection by itself. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  /** How old a message must be that was taken and not removed, to be put back. */
  readonly staleAfterMs: number;
  /** Creates what the queue needs in its database, or brings it up to date. May be called by many at once, and again. */
  migrate(): Promise<void>;
  openQueue(): MessageQueue;
  openWorker(): MessageWorker;
}

/** What is used of BullMQ's `Queue`. */
export interface MessageQueue {
  addBulk(jobs: MessageJob[]): Promise<unknown>;
  add(name: string, data: MessageData, opts: MessageJob['opts']): Promise<unknown>;
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
  /** Without a goodbye. */
  disconnect(): Promise<void>;
}

/** What is used of BullMQ's `Worker`. */
export interface MessageWorker {
  readonly id: string;
  getNextJob(token: string, options: { block: boolean }): Promise<TakenMessage | undefined>;
  getBackend(): {
    waitForJob(timeoutSeconds: number): Promise<unknown>;
    disconnectBlocking(wait?: boolean): Promise<void>;
    reconnectBlocking(): Promise<void>;
    moveStalledJobsToWait(): Promise<unknown>;
  };
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(force: boolean): Promise<void>;
}

/** What is used of BullMQ's `Job`. */
export interface TakenMessage {
  readonly data: MessageData;
  moveToCompleted(returnValue: unknown, token: string, fetchNext: boolean): Promise<unknown>;
  moveToWait(token: string): Promise<unknown>;
}
