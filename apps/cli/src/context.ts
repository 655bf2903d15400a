import type { Clock } from '@lockstep/domain';
import type { Terminal } from './output/terminal.js';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly stdin: AsyncIterable<Uint8Array>;
}
