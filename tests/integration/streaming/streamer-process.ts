import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { createFileSink } from '@sallyport/server/streaming/file-sink.ts';
import { createHttpSink } from '@sallyport/server/streaming/http-sink.ts';
import { startStreaming } from '@sallyport/server/streaming/start-streaming.ts';
import { openLog } from '../audit/log-fixture.ts';
import { SHORT_TIMES } from './covered-log.ts';

// A process that does nothing but stream, to be killed: the database, and the receivers, each an address or a file's path.
const [connectionString = '', ...receivers] = process.argv.slice(2);
const pool = openPool({ connectionString });
const db = kyselyOn(pool);
const sinks = receivers.map((receiver) =>
  receiver.startsWith('http')
    ? createHttpSink({ url: new URL(receiver), token: null, format: 'canonical' })
    : createFileSink({ path: receiver, format: 'canonical', rotateAt: 20_000 }),
);
startStreaming({ pool, db, audit: openLog(db), log: createLog('silent'), sinks, times: SHORT_TIMES });
process.stdout.write('streaming\n');
