import AxeBuilder from '@axe-core/playwright';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { type ConsoleStage, openStage } from './console-driver.ts';
import { openPage, openPageAs, type OpenPage, type PageLook } from './open-page.ts';
import { listStops, type Stop } from './pages.ts';
import { ask } from './probe.ts';

const { catalogue } = buildGatewaySchema(modules);
const WIDE = { width: 1280, height: 900 };
const ALL_LOOKS = process.env['LOOKS'] === 'all';
const NARROW = { width: 360, height: 780 };
const GRAVE = new Set(['serious', 'critical']);

describeInBrowser('every page, for everyone', () => {
  let stage: ConsoleStage;
  let stops: readonly Stop[] = [];
  beforeAll(async () => {
    stage = await openStage();
    stops = await listStops(stage, catalogue);
  }, 180_000);
  afterAll(() => stage?.close());

  // In English light, wide; in Indonesian dark, narrow; nothing wider than the window, narrow, in either. With LOOKS=all dark, wide and light, narrow
  // too, which differ from these by no colour and no element.

  /** Lays axe over what stands there; colours alone where nothing but the colours is new. */
  async function findGrave({ page }: OpenPage, coloursOnly: boolean): Promise<readonly string[]> {
    await ask(page, 'rest');
    // One frame and no other origin: the fast way, without a second page.
    const builder = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
    const { violations } = await (coloursOnly ? builder.withRules(['color-contrast']) : builder).analyze();
    return violations
      .filter(({ impact }) => impact !== null && impact !== undefined && GRAVE.has(impact))
      .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 120)}`));
  }

  it('notices a button without a name and grey on grey: what the next tests rely on', { timeout: 60_000 }, async () => {
    const opened = await openPage(stage);
    await opened.load('/sign-in');
    expect(await findGrave(opened, false)).toEqual([]);
    await opened.page.evaluate(
      `document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>'); const text = document.createElement('p'); text.textContent = 'grey'; text.style.color = '#bbb'; document.querySelector('main').append(text);`,
    );
    expect((await findGrave(opened, false)).map((finding) => finding.split(':')[0]).toSorted()).toEqual(['button-name', 'color-contrast']);
    await opened.close();
  });

  it.each(['en', 'id'] as const)(
    'has no serious or critical axe finding and no sideways scroll in %s, light and dark, at 1280 and 360 pixels (V1, V2, U5)',
    { timeout: 900_000 },
    async (locale) => {
      const findings: string[] = [];
      let looks = 0;
      const note = (stop: Stop, look: string, found: readonly string[]): void => {
        looks += 1;
        findings.push(...found.map((finding) => `${stop.name} (${locale}, ${look}): ${finding}`));
      };
      for (const [role, own] of Map.groupBy(stops, (stop) => stop.role)) {
        const look: PageLook = { locale, colorScheme: locale === 'en' ? 'light' : 'dark', ...WIDE };
        const opened = role === null ? await openPage(stage, look) : await openPageAs(stage, stage.gateway.personWith(role), look);
        for (const stop of own) {
          await (stop.open || stop === own[0] || role === null ? opened.load(stop.path) : opened.go(stop.path));
          await stop.open?.(opened.page);
          if (locale === 'en') note(stop, 'light, wide', await findGrave(opened, false));
          if (locale === 'en' && ALL_LOOKS) {
            await opened.page.emulateMedia({ colorScheme: 'dark' });
            note(stop, 'dark, wide', await findGrave(opened, true));
            await opened.page.emulateMedia({ colorScheme: 'light' });
          }
          await opened.page.setViewportSize(NARROW);
          if (locale === 'id' || ALL_LOOKS) note(stop, `${locale === 'id' ? 'dark' : 'light'}, narrow`, await findGrave(opened, false));
          else await ask(opened.page, 'rest');
          const overflow = await ask(opened.page, 'overflow');
          if (overflow.length > 0) findings.push(`${stop.name} (${locale}, narrow): wider than the window by ${overflow.join(', ')}`);
          await opened.page.setViewportSize(WIDE);
        }
        findings.push(...opened.misdeeds.errors, ...opened.misdeeds.violations);
        await opened.close();
      }
      console.log(`${locale}: ${looks} looks at ${stops.length} pages, ${findings.length} findings`);
      expect(findings).toEqual([]);
    },
  );
});
