import type { LoadResult } from './load.ts';

export interface Measured extends LoadResult {
  readonly operation: string;
  readonly server: string;
  readonly round: number;
  /** Milliseconds of CPU a request, in the server's process and in PostgreSQL's. */
  readonly nodeCpu: number;
  readonly databaseCpu: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Rows by operation: requests/s and p99 (medians over the rounds), and the gateway's share of each of the others, round by round. */
export function markdownTable(operations: readonly string[], bytes: ReadonlyMap<string, number>, measured: readonly Measured[]): string {
  const of = (operation: string, server: string): readonly Measured[] =>
    measured.filter((each) => each.operation === operation && each.server === server).sort((a, b) => a.round - b.round);
  const figures = (operation: string, server: string): string => {
    const found = of(operation, server);
    return `${median(found.map((each) => each.requestsPerSecond)).toFixed(0)} · ${median(found.map((each) => each.p99)).toFixed(1)} ms`;
  };
  const share = (operation: string, other: string): string => {
    const ours = of(operation, 'sallyport');
    const theirs = of(operation, other);
    const ratios = ours.map((each, index) => each.requestsPerSecond / (theirs[index]?.requestsPerSecond ?? Number.NaN));
    return `**${median(ratios).toFixed(2)}** (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
  };
  return [
    '| operation | answer, bytes | Sallyport, req/s · p99 | (a) bare Yoga | (b) node:http + pg | Sallyport / (a) | Sallyport / (b) |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...operations.map(
      (operation) =>
        `| ${operation} | ${bytes.get(operation) ?? '–'} | ${figures(operation, 'sallyport')} | ${figures(operation, 'bare-yoga')} | ${figures(operation, 'floor')} | ${share(operation, 'bare-yoga')} | ${share(operation, 'floor')} |`,
    ),
  ].join('\n');
}
