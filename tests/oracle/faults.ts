import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { buildGatewaySchema } from '@sallyport/schema/build-schema.ts';

interface Patch {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Fault {
  readonly name: string;
  /** What the harness must call it. */
  readonly kind: 'unauthorised' | 'withheld';
  readonly patches: readonly Patch[];
}

/** Mistakes that somebody could make, to see that the harness notices. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'a field without its row rule: the columns of one grant in the rows of another',
    kind: 'unauthorised',
    patches: [
      { file: 'resources/projection.ts', find: 'case when (${tenant})::text = any(${[...reach]}::text[]) then ${plain} end as', replace: '${plain} as' },
      { file: 'graphql/resource-types.ts', find: "if (reach === 'global' || (reach && row.tenantId !== null && reach.has(row.tenantId))) return;", replace: 'if (reach) return;' },
    ],
  },
  {
    name: 'a filter on a forbidden field that is dropped in silence',
    kind: 'unauthorised',
    patches: [
      {
        file: 'resources/read-records.ts',
        find: 'for (const field of fields) requireField(context, resource, field, base, reach);',
        replace: `for (const field of fields) {
          try {
            requireField(context, resource, field, base, reach);
          } catch {
            args = { ...args, filter: Object.fromEntries(Object.entries(args.filter ?? {}).filter(([name]) => name !== field)) };
          }
        }`,
      },
    ],
  },
  {
    name: 'a totalCount over rows that nobody may see',
    kind: 'unauthorised',
    patches: [
      {
        file: 'resources/read-records.ts',
        find: ': readInOrder(resource, order, matching, place, pageOf)',
        replace: ": { ...readInOrder(resource, order, matching, place, pageOf), total: countMatching(resource, filterCondition(registry, resource, 'r', rest, search)) }",
      },
    ],
  },
  {
    name: 'a relation that skips the condition on tenants',
    kind: 'unauthorised',
    patches: [
      {
        file: 'resources/read-related.ts',
        find: "where ${sql.id('r', foreign)} = parent.key and ${within(registry, resource, 'r', reach, requireViewer(context))}",
        replace: "where ${sql.id('r', foreign)} = parent.key",
      },
    ],
  },
  {
    name: "rows of others among one's own",
    kind: 'unauthorised',
    patches: [
      {
        file: 'resources/columns.ts',
        find: 'return resource.visibleTo ? sql`(${reached} and (${resource.visibleTo(alias, viewer)}))` : reached;',
        replace: 'void viewer;\n  return reached;',
      },
    ],
  },
  {
    name: 'a value withheld from those who hold its permission in one tenant only',
    kind: 'withheld',
    patches: [{ file: 'resources/projection.ts', find: 'if (isNowhere(reach)) continue;', replace: "if (isNowhere(reach) || (reach !== 'global' && reach.size === 1)) continue;" }],
  },
  {
    name: 'a relation answered with the narrower selection of another place',
    kind: 'withheld',
    patches: [{ file: 'resources/read-related.ts', find: 'return nodes.length === 1 ? nodes[0] :', replace: 'return nodes.length >= 1 ? nodes[0] :' }],
  },
];

/** Two copies in one process register one plugin twice. */
const COPY_PATCH: Patch = {
  file: 'plugin-access/index.ts',
  find: 'SchemaBuilder.registerPlugin(pluginName, AccessPlugin);',
  replace: 'SchemaBuilder.allowPluginReRegistration = true;\nSchemaBuilder.registerPlugin(pluginName, AccessPlugin);',
};

/** Finds a piece of source however it is broken into lines. */
function loosely(source: string): RegExp {
  const pattern = source
    .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('\\(', String.raw`\(\s*`)
    .replaceAll('\\)', String.raw`,?\s*\)`);
  return new RegExp(pattern.replace(/ +/g, String.raw`\s+`));
}

const SCHEMA = fileURLToPath(new URL('../../schema/', import.meta.url));

/**
 * A copy of the schema's source in a temporary folder with a fault in it, loaded; the folder is gone afterwards.
 * @throws {Error} when the source no longer reads as the fault expects: then the fault needs rewriting.
 */
export async function loadFaultyCopy(patches: readonly Patch[]): Promise<typeof buildGatewaySchema> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-fault-'));
  try {
    await cp(join(SCHEMA, 'src'), join(folder, 'src'), { recursive: true });
    await cp(join(SCHEMA, 'package.json'), join(folder, 'package.json'));
    await symlink(join(SCHEMA, 'node_modules'), join(folder, 'node_modules'));
    for (const { file, find, replace } of [COPY_PATCH, ...patches]) {
      const path = join(folder, 'src', file);
      const parts = (await readFile(path, 'utf8')).split(loosely(find));
      if (parts.length !== 2) throw new Error(`The fault expects this once in ${file}, found ${parts.length - 1} times: ${find}`);
      await writeFile(path, parts.join(replace));
    }
    const copy = (await import(pathToFileURL(join(folder, 'src/build-schema.ts')).href)) as { readonly buildGatewaySchema: typeof buildGatewaySchema };
    return copy.buildGatewaySchema;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
