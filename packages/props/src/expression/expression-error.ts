/** An expression that cannot be parsed or evaluated; the message says what is wrong in it. */
export class ExpressionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExpressionError';
  }
}

/** The message about a method that is not among those provided here. */
export function unknownMethod(owner: string, method: string, known: Iterable<string>): string {
  return `There is no method "${method}" of ${owner} here; there are: ${[...known].sort().join(', ')}.`;
}
