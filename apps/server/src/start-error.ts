/** Why Lockstep cannot start or go on, as a sentence for the person who started it. Shown without a stack trace. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
  }
}
