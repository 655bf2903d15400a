import { InvalidArgumentError } from 'commander';

/** A value of the command line that must be a whole number of at least 0. */
export function wholeNumberArgument(value: string): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('It must be a whole number.');
}
