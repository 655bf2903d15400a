import { CHANNEL } from './channels.js';
import type { Listener } from './listen.js';

/** Calls back whenever something may follow from an execution's end, and after a lost connection, when it may have. */
export function onExecutionEnded(listener: Listener, onEnded: () => void): Promise<() => Promise<void>> {
  return listener.listen({ channel: CHANNEL.ended, onNotify: onEnded, onReconnect: onEnded });
}
