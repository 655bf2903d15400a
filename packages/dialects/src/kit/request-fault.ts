/** A request that cannot be understood: it ends with this HTTP status and this sentence, whatever the API. */
export class RequestFault extends Error {
  readonly status: number;

  constructor(message: string, options: ErrorOptions & { status?: number } = {}) {
    super(message, options);
    this.name = 'RequestFault';
    this.status = options.status ?? 500;
  }
}

export function missingParameter(name: string): RequestFault {
  return new RequestFault(`Missing required parameter '${name}'.`);
}
