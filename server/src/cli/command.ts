/** One word of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` shows. */
  readonly help: string;
  /** @returns the exit code: 0 done, 1 refused, 2 not understood. */
  run(words: readonly string[], write: (text: string) => void): Promise<number>;
}
