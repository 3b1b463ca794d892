/** What a writing process is to do. */
export interface WriterOrder {
  /** Address of the database as the gateway's serving login. */
  readonly databaseUrl: string;
  /** JSON: `currentKeyId`, and the key's `bytes` in base64. */
  readonly secretsFile: string;
  readonly writers: number;
  /** Events of each writer. */
  readonly events: number;
  /** Milliseconds between two looks of the integrator. */
  readonly everyMs: number;
}

/** One line of what it says. */
export type WriterWord = { readonly told: readonly string[] } | { readonly signed: string } | { readonly ended: { readonly checkpoints: number } };
