import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { onTestFailed } from 'vitest';

const FOLDER = fileURLToPath(new URL('screenshots/', import.meta.url));

/** Takes a picture of the page when the running test fails, into the folder that git ignores. Only within a test. */
export function pictureOnFailure(page: Page): void {
  onTestFailed(async ({ task }) => {
    if (!page.isClosed()) await page.screenshot({ path: `${FOLDER}failed-${task.name.replaceAll(/\W+/g, '-').slice(0, 60)}-${Date.now()}.png` });
  });
}
