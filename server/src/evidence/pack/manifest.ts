import { hash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../audit/canonical-json.ts';
import type { Json } from '../../audit/plain-json.ts';
import { evidenceOrigin, PACK_FORMAT } from './pack-contents.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const manifest = z.strictObject({
  format: z.literal(PACK_FORMAT),
  origin: z.string().min(1),
  selection: z.record(z.string(), z.json()),
  madeAt: z.string(),
  madeBy: z.strictObject({ id: z.string(), name: z.string() }),
  /** Entries of the checkpoint. */
  size: count,
  begin: count,
  end: count,
  disclosed: count,
  /** Rules by which files were derived from the events. */
  derived: z.record(z.string(), z.string()),
  /** SHA-256, hex, of every other file but the note. */
  files: z.record(z.string(), sha256),
});

export type Manifest = z.infer<typeof manifest>;

/** RFC 8785 JSON and a line end. */
export const printManifest = (of: Omit<Manifest, 'selection'> & { readonly selection: { readonly [name: string]: Json } }): string => `${canonicalJson(of)}\n`;

/** Reads a manifest in its only spelling; null for anything else. */
export function parseManifest(bytes: Buffer): Manifest | null {
  try {
    const parsed = manifest.parse(JSON.parse(bytes.toString()));
    return Buffer.from(printManifest(parsed as Parameters<typeof printManifest>[0])).equals(bytes) ? parsed : null;
  } catch {
    return null;
  }
}

/**
 * What is signed for a pack: its log, and the SHA-256 of the manifest's bytes.
 *
 *     example.com/log/evidence
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 */
export const evidenceText = (origin: string, manifestBytes: Uint8Array): string => `${evidenceOrigin(origin)}\n${hash('sha256', manifestBytes, 'base64')}\n`;
