/**
 * The gateway will not start, and the operator can do something about it. The message is the whole story:
 * which setting or path, why, what to do. It never holds a secret.
 */
export class StartRefusal extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartRefusal';
  }
}
