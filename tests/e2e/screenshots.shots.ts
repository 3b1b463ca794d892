import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { afterAll, beforeAll, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPage, openPageAs } from './open-page.ts';
import { listStops, type Stop } from './pages.ts';
import { ask } from './probe.ts';

const { catalogue } = buildGatewaySchema(modules);
const FOLDER = fileURLToPath(new URL('screenshots/', import.meta.url));
const WIDTHS = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;

describeInBrowser('pictures of every page', () => {
  let stage: ConsoleStage;
  let stops: readonly Stop[] = [];
  beforeAll(async () => {
    await mkdir(FOLDER, { recursive: true });
    stage = await openStage({ tenants: 40 });
    stops = (await listStops(stage, catalogue)).filter(({ name }) => name.includes(process.env['SHOTS'] ?? ''));
  }, 180_000);
  afterAll(() => stage?.close());

  it.each(['en', 'id'] as const)('in %s', { timeout: 900_000 }, async (locale) => {
    for (const [role, own] of Map.groupBy(stops, (stop) => stop.role)) {
      const opened = role === null ? await openPage(stage, { locale, ...WIDTHS.wide }) : await openPageAs(stage, stage.gateway.personWith(role), { locale, ...WIDTHS.wide });
      for (const stop of own) {
        await (stop.open || stop === own[0] || role === null ? opened.load(stop.path) : opened.go(stop.path));
        await stop.open?.(opened.page);
        for (const [width, size] of Object.entries(WIDTHS)) {
          await opened.page.setViewportSize(size);
          for (const colorScheme of ['light', 'dark'] as const) {
            await opened.page.emulateMedia({ colorScheme });
            await ask(opened.page, 'rest');
            await opened.page.screenshot({ path: `${FOLDER}${stop.name}-${width}-${colorScheme}-${locale}.png`, fullPage: stop.open === undefined });
          }
        }
        await opened.page.setViewportSize(WIDTHS.wide);
        await opened.page.emulateMedia({ colorScheme: 'light' });
      }
      await opened.close();
    }
  });
});
