/** A property (or a property file) that cannot be used; the message names the key, the value and what is expected. */
export class PropertyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PropertyError';
  }
}
