import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** Hears PostgreSQL notifications on one connection, opened with the first `listen`. */
export interface Listener {
  /**
   * Calls `onNotify` with each payload from when it resolves on. What is sent while the connection is down is lost: after
   * each reconnection `onReconnect` is called, to look at what may have been missed. Ends with the returned function.
   */
  listen(subscription: {
    channel: string;
    onNotify: (payload: string) => void;
    onReconnect?: () => void;
  }): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

interface Subscription {
  readonly channel: string;
  readonly onNotify: (payload: string) => void;
  readonly onReconnect?: () => void;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5_000;

export function createListener({
  clientConfig,
  onProblem,
}: {
  clientConfig: pg.ClientConfig;
  onProblem: (error: Error) => void;
}): Listener {
  const subscriptions = new Set<Subscription>();
  const closing = new AbortController();
  let connection: Promise<pg.Client> | undefined;

  async function listen(subscription: Subscription): Promise<() => Promise<void>> {
    subscriptions.add(subscription);
    try {
      const client = await (connection ??= open());
      await client.query(`listen ${pg.escapeIdentifier(subscription.channel)}`);
    } catch (error) {
      subscriptions.delete(subscription);
      if (subscriptions.size === 0) connection = undefined;
      throw error;
    }
    return () => unlisten(subscription);
  }

  async function unlisten(subscription: Subscription): Promise<void> {
    subscriptions.delete(subscription);
    if ([...subscriptions].some(({ channel }) => channel === subscription.channel)) return;
    const client = await connection?.catch(() => undefined);
    await client?.query(`unlisten ${pg.escapeIdentifier(subscription.channel)}`).catch(() => undefined);
  }

  async function open(): Promise<pg.Client> {
    const client = new pg.Client(clientConfig);
    client.on('error', onProblem);
    client.on('notification', ({ channel, payload }) => {
      for (const each of [...subscriptions]) if (each.channel === channel) each.onNotify(payload ?? '');
    });
    await client.connect();
    client.once('end', () => {
      if (!closing.signal.aborted) connection = reconnect();
    });
    const channels = new Set([...subscriptions].map(({ channel }) => channel));
    for (const channel of channels) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    return client;
  }

  function reconnect(): Promise<pg.Client> {
    const attempt = keepTrying();
    // Nobody may be waiting for it.
    attempt.catch(() => undefined);
    return attempt;
  }

  async function keepTrying(): Promise<pg.Client> {
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS)) {
      await delay(pauseMs, undefined, { signal: closing.signal, ref: false });
      try {
        const client = await open();
        for (const { onReconnect } of [...subscriptions]) onReconnect?.();
        return client;
      } catch (error) {
        onProblem(error as Error);
      }
    }
  }

  async function close(): Promise<void> {
    closing.abort();
    const client = await connection?.catch(() => undefined);
    await client?.end().catch(() => undefined);
  }

  return { listen, close };
}
