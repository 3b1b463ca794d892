import type { Probe } from '../probe-contract.ts';

// Runs in the page, before the page's own scripts, in every document. Types are taken away, nothing is bundled: no imports but of types.

declare global {
  interface Window {
    probe: Probe;
    noteViolation(text: string): void;
  }
}

const words = (element: Element | null | undefined): string => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];

/** Brings every running transition to its end. */
const finish = (): void => {
  for (const animation of document.getAnimations()) {
    const end = animation.effect?.getComputedTiming().endTime;
    if (typeof end === 'number' && Number.isFinite(end)) animation.finish();
  }
};

document.addEventListener('securitypolicyviolation', (event) => window.noteViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));

window.probe = {
  drawn: () => {
    const main = document.querySelector('main');
    if (!main || main.querySelector('[aria-busy="true"], .MuiSkeleton-root, .MuiLinearProgress-root')) return false;
    const heading = main.querySelector('h1');
    return heading !== null && !heading.hasAttribute('data-left');
  },
  go: (path) => {
    for (const heading of all('main h1')) heading.setAttribute('data-left', '');
    const state = history.state as { idx?: number } | null;
    history.pushState({ idx: (state?.idx ?? 0) + 1, key: path, usr: null }, '', path);
    window.dispatchEvent(new PopStateEvent('popstate', { state: history.state as unknown }));
  },
  rest: async () => {
    // What was asked of the page is drawn in the next frame, and may begin transitions of its own.
    for (let frames = 0; frames < 3; frames += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      finish();
    }
  },
  record: () => ({
    title: words(document.querySelector('main h1')),
    actions: all('main [data-action]').map((button) => ({
      name: button.getAttribute('data-action') ?? '',
      enabled: button.getAttribute('aria-disabled') !== 'true',
    })),
    buttonsWithoutName: all('main [role="group"] button:not([data-action])').filter((button) => button.closest('[role="group"]')?.querySelector('[data-action]')).length,
    facts: all('main section dl dt').map((label) => {
      const value = label.nextElementSibling;
      const text = words(value);
      return {
        label: words(label),
        needs: /needs ([a-z0-9.-]+)/.exec(value?.querySelector('[aria-label^="needs "]')?.getAttribute('aria-label') ?? '')?.[1] ?? null,
        masked: text.includes('Personal, hidden'),
        text,
      };
    }),
    tabs: all('main [role="tab"]').map(words),
  }),
  related: () => {
    const panel = document.querySelector('main [role="tabpanel"]');
    return {
      name: (panel?.id ?? '').replace('panel-', ''),
      ready: panel !== null && !panel.querySelector('[aria-busy="true"]'),
      needs: panel?.querySelector('[aria-label^="needs "]') !== null,
    };
  },
  columns: () => all('main thead th').map(words),
  bulk: () => all('main [data-bulk-action]').map((button) => button.getAttribute('data-bulk-action') ?? ''),
  menu: () => all('nav [role="group"] a').map((link) => ({ label: words(link), path: link.getAttribute('href') ?? '' })),
  focused: () => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return { name: '', tag: '', visible: false, look: '' };
    // The outline itself may be coming in: look at where it ends.
    finish();
    const style = getComputedStyle(element);
    const frame = element.closest('.MuiInputBase-root, .MuiFormControl-root');
    const outlined =
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) ||
      style.boxShadow !== 'none' ||
      (frame !== null && frame.querySelector('.Mui-focused, .MuiOutlinedInput-notchedOutline') !== null);
    const look = `${element.matches(':focus-visible') ? 'focus-visible' : 'not focus-visible'}, outline ${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`;
    return { name: element.getAttribute('aria-label') ?? words(element), tag: element.tagName.toLowerCase(), visible: outlined, look };
  },
  overflow: () => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    // The innermost ones: what holds them is wide because of them.
    const wide = all('body *').filter((element) => element.getBoundingClientRect().right > width + 0.5 && element.closest('[style*="overflow"], pre') === null);
    return wide
      .filter((element) => !wide.some((other) => other !== element && element.contains(other)))
      .map((element) => `${element.tagName.toLowerCase()} “${words(element).slice(0, 60)}” to ${Math.round(element.getBoundingClientRect().right)}`);
  },
};
