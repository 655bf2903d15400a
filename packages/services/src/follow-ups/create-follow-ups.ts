import { createContext } from '../context.js';
import type { ServiceDependencies } from '../dependencies.js';
import { handleNextEnd } from './handle-next-end.js';

/** What follows by itself from executions that have ended: another try of the whole, the start of flows after them. */
export interface FollowUps {
  /**
   * Deals with one end, in one transaction: once, however many processes ask at the same time, and again from the start
   * when this one dies on the way. false = there was nothing to do. Rejects only when the database cannot be used.
   */
  handleNext(): Promise<boolean>;
}

export function createFollowUps(dependencies: ServiceDependencies): FollowUps {
  const context = createContext(dependencies);
  return { handleNext: () => handleNextEnd(context) };
}
