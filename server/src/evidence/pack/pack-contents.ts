import type { Json } from '../../audit/plain-json.ts';
import type { EntryStream } from '../../transparency/entry-stream.ts';
import type { RangeProof } from '../../transparency/range-proof.ts';

/** Version of the layout below. A change that an older verifier would misread makes a new number. */
export const PACK_FORMAT = 1;

/** JSON objects, printed as RFC 8785, one a line. */
export type Rows = AsyncIterable<{ readonly [name: string]: Json }> | Iterable<{ readonly [name: string]: Json }>;

/** A policy that some event of the pack names. */
export interface PackPolicy {
  /** `policyVersion` of the events: SHA-256 of `body`, in hex. */
  readonly hash: string;
  /** Its RFC 8785 JSON. */
  readonly body: string;
}

/** Answers to security questionnaires: as a text to read, and as RFC 8785 JSON on one line. */
export interface PackAnswers {
  readonly markdown: string;
  readonly json: string;
}

/**
 * What goes into an evidence pack, from wherever it is kept. The writer derives CSV, OCSF and instructions from this, and
 * refuses what does not fit together; that the events are those of the checkpoint is checked before a byte is signed.
 */
export interface PackContents {
  /** Name of the log, as in its checkpoints. */
  readonly origin: string;
  /** What was asked for, as it was asked: shown to people, compared with nothing. */
  readonly selection: { readonly [name: string]: Json };
  /** UTC, by the database's clock: `2026-11-21T09:06:48.123456Z`. */
  readonly madeAt: string;
  readonly madeBy: { readonly id: string; readonly name: string };
  /** Signed note of the checkpoint of `proof.size` entries, with the cosignatures at hand. */
  readonly checkpoint: string;
  readonly proof: RangeProof;
  /** Canonical bytes of the disclosed events, in the order of `proof.indexes`. Opened three times, and the same each time. */
  readonly openEvents: () => EntryStream;
  /** Each policy once, whatever the order. */
  readonly policies: AsyncIterable<PackPolicy> | Iterable<PackPolicy>;
  readonly approvals: Rows;
  readonly reviews: Rows;
  /** The controls as CSV, header included. */
  readonly controls: string;
  /** A page in pieces: HTML without script. */
  readonly summary: AsyncIterable<string> | Iterable<string>;
  /** Answers to security questionnaires, where the selection is a tenant or a period. */
  readonly answers?: PackAnswers;
  /** The signed statement of what may be absent, if anything was pruned. */
  readonly retentionNote?: string;
  /** Verifier keys of log and witnesses, in their text form. Convenience only: whoever verifies brings their own. */
  readonly keys: readonly string[];
}

/** Signs a text with the log's keys. @returns the signed note */
export type SignNote = (text: string) => Promise<string>;

/** Names of the files, in the order in which they are written. `policies/<hash>.json`, the answers and `retention.note` come between where there are any. */
export const PACK_FILES = {
  readme: 'README.txt',
  checkpoint: 'checkpoint',
  proof: 'proof.json',
  events: 'events.jsonl',
  csv: 'events.csv',
  ocsf: 'events.ocsf.jsonl',
  approvals: 'approvals.jsonl',
  reviews: 'reviews.jsonl',
  controls: 'controls.csv',
  summary: 'summary.html',
  answers: 'answers.md',
  answersData: 'answers.json',
  keys: 'keys.txt',
  retention: 'retention.note',
  manifest: 'manifest.json',
  manifestNote: 'manifest.note',
} as const;

/** Name of a policy's file. */
export const policyFile = (hash: string): string => `policies/${hash}.json`;

/** First line of the note over the manifest. */
export const evidenceOrigin = (origin: string): string => `${origin}/evidence`;
