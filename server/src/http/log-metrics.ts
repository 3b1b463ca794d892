import { Gauge, type Registry } from 'prom-client';

/** What a metrics reader may know of the audit log. A member that is null has no figure. */
export interface ShownLogFigures {
  readonly halted: number;
  readonly unsealedEvents: number;
  readonly clockJumps: number;
  readonly clockDifferenceSeconds: number | null;
  readonly storeFill: number | null;
  readonly witnessFailures: number | null;
  readonly anchors: readonly { readonly kind: string; readonly failing: number }[];
}

const GAUGES: Readonly<Record<string, readonly [help: string, figure: (log: ShownLogFigures) => number | null]>> = {
  sallyport_log_halted: ['Whether acts are refused because of the log: events missing, a witness unheard since the start, or the store full', ({ halted }) => halted],
  sallyport_log_unsealed_events: ['Events that wait for their place in the tree', ({ unsealedEvents }) => unsealedEvents],
  sallyport_log_clock_jumps: ['Jumps of the clock that were noticed in the last day', ({ clockJumps }) => clockJumps],
  sallyport_log_clock_difference_seconds: ["The database's clock minus this machine's", ({ clockDifferenceSeconds }) => clockDifferenceSeconds],
  sallyport_log_store_fill: ['How full the store of the log is: 1 is full, acts are refused', ({ storeFill }) => storeFill],
  sallyport_log_witness_failures: ['How often in a row the witness that this gateway runs has ended', ({ witnessFailures }) => witnessFailures],
};

/** A gauge a figure, all of one scrape from one reading. Where that fails there is no figure, rather than an old one. */
export function watchLog(registry: Registry, figures: () => Promise<ShownLogFigures>): void {
  let reading: Promise<ShownLogFigures | null> | null = null;
  const read = (): Promise<ShownLogFigures | null> => {
    reading ??= figures()
      .catch(() => null)
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  for (const [name, [help, figure]] of Object.entries(GAUGES))
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const log = await read();
        const value = log === null ? null : figure(log);
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  new Gauge({
    name: 'sallyport_log_anchor_failing',
    help: 'Whether checkpoints do not reach an anchor',
    labelNames: ['kind'] as const,
    registers: [registry],
    async collect() {
      const log = await read();
      this.reset();
      for (const { kind, failing } of log?.anchors ?? []) this.set({ kind }, failing);
    },
  });
}
