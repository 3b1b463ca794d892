import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { parseNote } from '@sallyport/server/transparency/note.ts';
import { readFile } from 'node:fs/promises';
import { personOf } from '../gateway-process.ts';
import { administer } from '../tampering/grow-log.ts';
import type { WireClient } from '../wire-client.ts';
import { openWireScene, type WireScene } from '../wire-scene.ts';

const WAIT_MS = 20_000;
const ADJUST = 'mutation Act($input: AdjustCreditInput!) { adjustCredit(input: $input) { status auditEventId } }';

/** An installation whose database can be put back to an earlier state, while what stands outside it stays. */
export interface RestoreStage {
  readonly scene: WireScene;
  /** Signed in at the process that runs now. */
  signIn(role: string): Promise<WireClient>;
  /** Books credit; its code, null where it was done. */
  act(client: WireClient): Promise<string | null>;
  /** Sizes of the checkpoints that the file outside the database holds, by origin, in the order of their coming. */
  anchored(): Promise<readonly { readonly origin: string; readonly size: number }[]>;
  /** Waits until the newest signed checkpoint stands outside. */
  untilAnchored(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Keeps a copy of the database as it is. Nothing may run. */
  backUp(): Promise<void>;
  /** Puts the copy in the place of the database. Nothing may run. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** @param environment further variables of the gateway, e.g. a witness's address */
export async function openRestoreStage(
  options: { readonly adminUrl: string; readonly template: string },
  environment: Readonly<Record<string, string>> = {},
): Promise<RestoreStage> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-anchors-'));
  const anchorFile = join(folder, 'checkpoints');
  const scene = await openWireScene({ ...options, environment: { ...environment, ANCHOR_FILE: anchorFile } });
  scene.superuser.on('error', () => undefined);
  const { rows } = await scene.superuser.query<{ name: string; tenant: string }>(
    `select current_database() as name, (select id from product.tenant where status = 'active' order by name limit 1) as tenant`,
  );
  const { name = '', tenant = '' } = rows[0] ?? {};
  const backup = `${name}_backup`;
  const disconnect = (): Promise<void> => administer(options.adminUrl, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
  const anchored: RestoreStage['anchored'] = async () => {
    const text = await readFile(anchorFile, 'utf8').catch(() => '');
    return [...text.matchAll(/[^\n]+\n\d+\n[A-Za-z0-9+/=]{44}\n\n(?:— [^\n]+\n)+/g)].map(([note]) => parseCheckpoint(parseNote(note).text));
  };
  return {
    scene,
    anchored,
    async signIn(role) {
      const client = scene.client(personOf(scene.people, role), scene.processes.at(-1));
      await client.signIn();
      return client;
    },
    async act(client) {
      const input = { id: tenant, amount: '1.00', memo: 'Restore harness', justification: { reason: 'Restore harness', ticket: 'TEST-4' } };
      return (await client.mutate(ADJUST, input)).code;
    },
    async untilAnchored() {
      for (const until = performance.now() + WAIT_MS; performance.now() < until; await wait(50)) {
        const { rows: heads } = await scene.superuser.query<{ origin: string; size: number; waits: boolean }>(
          'select origin, size, exists (select from audit.unsealed) as waits from audit.log_head',
        );
        const [head] = heads;
        if (head && !head.waits && (await anchored()).some(({ origin, size }) => origin === head.origin && size >= head.size)) return;
      }
      throw new Error('The newest checkpoint did not come to stand outside in time');
    },
    async stop() {
      for (const process of scene.processes.splice(0)) await process.end('SIGTERM');
    },
    async start() {
      await scene.start();
    },
    async backUp() {
      await disconnect();
      await administer(options.adminUrl, `create database ${backup} template ${name}`);
    },
    async restore() {
      await administer(options.adminUrl, `drop database ${name} with (force)`);
      await administer(options.adminUrl, `create database ${name} template ${backup}`);
    },
    async close() {
      await administer(options.adminUrl, `drop database if exists ${backup} with (force)`);
      await scene.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
