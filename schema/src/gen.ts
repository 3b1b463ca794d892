import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { accessMatrix } from './access-matrix.ts';
import { buildGatewaySchema } from './build-schema.ts';
import { modules } from './index.ts';
import { printSdl } from './print-sdl.ts';

/** The derived files, by name. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const { schema, catalogue } = buildGatewaySchema(modules);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['schema.graphql', printSdl(schema)],
    ['catalogue.json', json(catalogue)],
    ['access-matrix.md', accessMatrix(catalogue)],
    ['audit-events.json', json(catalogue.events)],
  ]);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const folder = new URL('../generated/', import.meta.url);
  await mkdir(folder, { recursive: true });
  const stale: string[] = [];
  for (const [name, content] of generatedFiles()) {
    const file = new URL(name, folder);
    const current = await readFile(file, 'utf8').catch(() => '');
    if (current === content) continue;
    stale.push(name);
    if (!values.check) await writeFile(file, content);
  }
  const what = stale.length === 0 ? 'up to date' : `${values.check ? 'out of date, run npm run gen' : 'written'}: ${stale.join(', ')}`;
  console.log(`schema/generated ${what}`);
  if (values.check && stale.length > 0) process.exitCode = 1;
}
