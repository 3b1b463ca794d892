import { access } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

/** Where systems keep a Chromium; CHROMIUM_PATH comes first. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Path of a Chromium: an installed one, else the one that an npm package carries. Null where there is neither. */
async function findChromium(): Promise<string | null> {
  for (const path of [process.env['CHROMIUM_PATH'] ?? '', ...INSTALLED])
    if (
      path !== '' &&
      (await access(path).then(
        () => true,
        () => false,
      ))
    )
      return path;
  try {
    const { default: carried } = await import('@sparticuz/chromium');
    return await carried.executablePath();
  } catch {
    return null;
  }
}

const path = await findChromium();

/** Starts the browser; whoever starts it closes it. */
export async function launchBrowser(): Promise<Browser> {
  if (path === null) throw new Error('No Chromium on this machine: install one, or set CHROMIUM_PATH');
  return chromium.launch({ executablePath: path, headless: true, args: FLAGS });
}

/** Groups tests that drive a browser. Without one they are skipped and say so; in CI they fail. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (path !== null || process.env['CI'] === 'true') describe(name, tests);
  else describe.skip(`${name} (skipped: no Chromium on this machine; set CHROMIUM_PATH)`, tests);
}
