import { readFile } from 'node:fs/promises';
import { type Anchor, AnchorFault } from '../integrity/anchors/anchor.ts';
import { parseSignerKey } from '../transparency/note-key.ts';
import { checkpointsPath, openCosignedCheckpoints } from '../witness/cosigned-checkpoints.ts';
import { realDisk } from '../witness/disk.ts';
import { keyPath } from '../witness/witness-key.ts';

/** What the witness of this machine remembers, read from its directory: the command line may run while it does not. Brings nothing there. */
export function createWitnessMemory(directory: string): Pick<Anchor, 'kind' | 'seen'> {
  return {
    kind: 'witness',
    async seen(origins) {
      try {
        const text = await readFile(keyPath(directory), 'utf8').catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return null;
          throw error;
        });
        // One that has no key yet has cosigned nothing; one whose key is gone can't be believed.
        if (text === null && (await realDisk.list(checkpointsPath(directory))).length === 0) return [];
        if (text === null) throw new Error('The key of the witness is missing');
        const { verifier } = parseSignerKey(text.trim());
        const memory = openCosignedCheckpoints(checkpointsPath(directory), verifier, realDisk);
        const kept = await Promise.all(origins.map((origin) => memory.latest(origin)));
        return kept.flatMap((one, place) =>
          one === null ? [] : [{ place: verifier.name, origin: origins[place] ?? '', size: one.checkpoint.size, root: one.checkpoint.root, note: one.note }],
        );
      } catch (cause) {
        throw new AnchorFault('refused', { cause });
      }
    },
  };
}
