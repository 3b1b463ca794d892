import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Probe } from './probe-contract.ts';

type Answer<Name extends keyof Probe> = Awaited<ReturnType<Probe[Name]>>;

/** The probe as a script: `in-page/probe.ts` without its types. */
export const PROBE_SCRIPT = `{${stripTypeScriptTypes(readFileSync(new URL('in-page/probe.ts', import.meta.url), 'utf8'))}}`;

/** Asks the probe of a page. */
export const ask = <Name extends keyof Probe>(page: Page, name: Name, ...input: Parameters<Probe[Name]>): Promise<Answer<Name>> =>
  page.evaluate<Answer<Name>>(`window.probe.${name}(${input.map((value) => JSON.stringify(value)).join(', ')})`);

/** Milliseconds between two looks, and for how long one looks. */
const EVERY = 25;
const PATIENCE = 30_000;

/**
 * Looks until the condition holds. From outside: the page's policy allows no evaluation in the page, so Playwright's own
 * `waitForFunction` would not run, and its violation would stand beside real ones.
 */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    // A document that is being replaced has no answer: the next one will.
    if (await holds().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`Waited ${PATIENCE} ms for: ${what}`);
    await delay(EVERY);
  }
}
