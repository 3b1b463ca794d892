/**
 * Puts the focus into the first field of a dialog once it is there; `autoFocus` alone loses against the
 * focus trap when the page behind renders again at that moment.
 */
export const focusFirst = {
  transition: {
    onEntered: (node: HTMLElement): void => {
      if (!node.querySelector(':is(input, textarea):focus')) node.querySelector<HTMLElement>('form input:not([type="hidden"]), form textarea:not([aria-hidden])')?.focus();
    },
  },
} as const;
