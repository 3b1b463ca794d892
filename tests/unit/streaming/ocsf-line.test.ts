import { canonicalText } from '@sallyport/server/audit/event-record.ts';
import type { LogEntry } from '@sallyport/server/integrity/log-reader.ts';
import { LINE_WRITERS } from '@sallyport/server/streaming/stream-line.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { expect, test } from 'vitest';
import { hasDefinitions, readDefinitions } from '../ocsf/definitions.ts';
import { fullRecord } from '../ocsf/sample-records.ts';
import { faultsOf } from '../ocsf/validate-event.ts';

const record = fullRecord('log.stream.started', 'ok');
const canonical = Buffer.from(canonicalText(record));
const entry: LogEntry = { index: 41, eventId: record.id, time: record.time, retention: 'act', leafHash: leafHash(canonical), canonical };
const lineOf = (members: Partial<LogEntry>): unknown => JSON.parse(LINE_WRITERS.ocsf({ ...entry, ...members }, 'log.example'));

test.runIf(hasDefinitions)('C OCSF lines are valid by the published definitions, with the event, without it, and where it was altered', async () => {
  const definitions = await readDefinitions();
  for (const members of [{}, { canonical: null }, { canonical: Buffer.from('{}') }]) {
    const event = lineOf(members);
    expect(faultsOf(definitions, event)).toEqual([]);
    expect(event).toMatchObject({ metadata: { sequence: 41, log_source: 'log.example' } });
  }
  expect(lineOf({ canonical: Buffer.from('{}') })).toMatchObject({ severity: 'Critical' });
});
