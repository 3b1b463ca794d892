import { readFile } from 'node:fs/promises';
import { generatedFiles } from '@sallyport/schema/gen.ts';
import { expect, test } from 'vitest';

test.each([...generatedFiles()])('schema/generated/%s is what the declarations say (npm run gen)', async (name, content) => {
  expect(await readFile(new URL(`../../schema/generated/${name}`, import.meta.url), 'utf8')).toBe(content);
});
