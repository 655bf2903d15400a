import type { Clock } from '@lockstep/domain';

export const systemClock: Clock = { now: () => Date.now() };
