import { useModel, useText } from '../catalogue/console-context.tsx';
import { formatDecimal, formatMoney, showHidden, zoneName } from '../fields/format.ts';
import { en, type MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import type { Oddity } from './requests.ts';

/** A Monday, to name the days of the week by. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;

const keyOf = (name: string): MessageKey | null => (Object.hasOwn(en, name) ? (name as MessageKey) : null);

export interface OddityWords {
  /** Two or three words, for a list. */
  readonly name: (oddity: Oddity) => string;
  /** A sentence with what goes with it. */
  readonly says: (oddity: Oddity, action: string) => string;
}

/** Codes of what is odd, in words. A code that this console does not know yet is named as it is. */
export function useOddityWords(): OddityWords {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const locale = useFormatLocale();
  const amountOf = (oddity: Oddity, actionName: string): string => {
    const input = model.action(actionName)?.input.find((item) => item.name === oddity['input']);
    const amount = String(oddity['largestBefore'] ?? '');
    const currency = input?.currency && 'code' in input.currency ? input.currency.code : null;
    const shown = input?.type === 'money' ? formatMoney(amount, currency, locale) : formatDecimal(amount, locale);
    return input ? `${text(input.label)} ${shown}` : shown;
  };
  return {
    name: (oddity) => words(keyOf(`odd.${oddity.code}`) ?? 'odd.other'),
    says: (oddity, actionName) => {
      const key = keyOf(`odd.${oddity.code}.says`);
      if (!key) return words('odd.other.says', { code: showHidden(oddity.code) });
      const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(MONDAY + (Number(oddity['weekday'] ?? 1) - 1) * DAY);
      const hour = `${String(oddity['hour'] ?? '').padStart(2, '0')}:00`;
      return words(key, { ...oddity, weekday, hour, zone: zoneName(String(oddity['timeZone'] ?? '')), largest: amountOf(oddity, actionName) });
    },
  };
}
