import { fileURLToPath } from 'node:url';
import { coreModules, productModules } from '@sallyport/schema/index.ts';
import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import { StartRefusal } from '../start-refusal.ts';

/**
 * The modules that this gateway serves: its own (access, audit, gateway), and the demo product's or those of the file that MODULES names.
 * @throws {StartRefusal} when that file can't be loaded or exports no list of modules.
 */
export async function loadModules(file: URL | null): Promise<readonly ModuleDeclaration[]> {
  if (file === null) return [...coreModules, ...productModules];
  const path = fileURLToPath(file);
  let exported: { readonly modules?: unknown };
  try {
    exported = (await import(file.href)) as typeof exported;
  } catch (cause) {
    throw new StartRefusal(`MODULES names ${path}, which can't be loaded: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(exported.modules) || !exported.modules.every(isModule))
    throw new StartRefusal(`MODULES names ${path}, which does not export \`modules\`, a list made with defineModule.`);
  return [...coreModules, ...(exported.modules as readonly ModuleDeclaration[])];
}

const isModule = (value: unknown): boolean => typeof value === 'object' && value !== null && 'permissions' in value && 'resources' in value && 'actions' in value;
