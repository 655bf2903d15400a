import { isFailure, isFinished, type Status } from '@lockstep/domain';
import type { Colors } from './terminal.js';

export function statusText(status: Status, colors: Colors): string {
  if (isFailure(status)) return colors.red(status);
  if (status === 'SUCCEEDED') return colors.green(status);
  return isFinished(status) ? colors.dim(status) : colors.cyan(status);
}
