import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACK_FILES } from '@sallyport/server/evidence/pack/pack-contents.ts';
import { openPack } from '@sallyport/server/evidence/pack/read-pack.ts';
import { listLogKeys } from '@sallyport/server/integrity/log-keys.ts';
import { parseVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import type { TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import { verify } from '@sallyport/server/verify/verify.ts';
import type { VerifyReport } from '@sallyport/server/verify/verify-report.ts';
import type { TestClient, TestGateway } from '../../helpers/gateway.ts';
import { type ZipParts, zipOf } from '../../helpers/zip-of.ts';

/** What the gateway answered to somebody who asked for a pack. */
export interface AnsweredPack {
  readonly status: number;
  readonly headers: Headers;
  /** Code of the refusal; null for a pack. */
  readonly code: string | null;
  readonly bytes: Buffer;
}

export const evidencePath = (selection: Readonly<Record<string, string>>): string => `/log/evidence?${new URLSearchParams(selection).toString()}`;

/** Asks for a pack as a person does: on STEP_UP_REQUIRED with a code, then again. */
export async function askForPack(client: TestClient, selection: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<AnsweredPack> {
  const correlationId = randomUUID();
  const ask = (more: Readonly<Record<string, string>>): Promise<Response> => client.get(evidencePath(selection), { 'x-correlation-id': correlationId, ...headers, ...more });
  const first = await ask({});
  const { errors } = (await first.clone().json()) as { errors: { extensions: { code: string; challenge?: string } }[] };
  const challenge = errors[0]?.extensions.challenge;
  return answered(challenge === undefined ? first : await ask({ 'step-up-proof': await client.stepUp(challenge, correlationId) }));
}

export async function answered(response: Response): Promise<AnsweredPack> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const isPack = response.headers.get('content-type') === 'application/zip';
  const code = isPack ? null : ((JSON.parse(bytes.toString()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code ?? '?');
  return { status: response.status, headers: response.headers, code, bytes };
}

/** The files of a pack by name. */
export async function unpack(bytes: Buffer): Promise<ZipParts> {
  return await asFile(bytes, async (path) => {
    const pack = await openPack(path);
    try {
      const files: [string, Buffer][] = [];
      for (const name of pack.names) {
        const pieces: Buffer[] = [];
        for await (const piece of pack.read(name)) pieces.push(piece);
        files.push([name, Buffer.concat(pieces)]);
      }
      return new Map(files);
    } finally {
      pack.close();
    }
  });
}

export const textOf = (parts: ZipParts, name: string): string => parts.get(name)?.toString() ?? '';
export const rowsOf = (parts: ZipParts, name: string): Record<string, ReturnType<typeof JSON.parse>>[] =>
  textOf(parts, name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
export const eventsOf = (parts: ZipParts) => rowsOf(parts, PACK_FILES.events);

/** Whom an auditor believes: the name and the keys of the log, got past the pack. */
export async function trustIn({ database, gateway }: TestGateway): Promise<TrustPolicy> {
  const head = await gateway.integrity.reader.head();
  const keys = await listLogKeys(database.owner);
  return { origin: head?.origin ?? '', logKeys: keys.map(({ verifier }) => ({ key: parseVerifierKey(verifier) })), witnesses: [], leastCosignatures: 0 };
}

/** Runs the offline verifier over a pack. */
export const verifyPack = (bytes: Buffer, policy: TrustPolicy): Promise<VerifyReport> => asFile(bytes, (path) => verify({ path, policy, checkpoints: [], threads: 1 }));

/** The pack with the lines of its events changed, and nothing else. */
export async function withEvents(parts: ZipParts, change: (lines: readonly string[]) => readonly string[]): Promise<Buffer> {
  const lines = textOf(parts, PACK_FILES.events).split('\n').slice(0, -1);
  return await zipOf(
    new Map([
      ...parts,
      [
        PACK_FILES.events,
        Buffer.from(
          change(lines)
            .map((line) => `${line}\n`)
            .join(''),
        ),
      ],
    ]),
  );
}

async function asFile<T>(bytes: Buffer, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  try {
    const path = join(folder, 'pack.zip');
    await writeFile(path, bytes);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
