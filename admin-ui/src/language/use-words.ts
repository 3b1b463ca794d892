import { useCallback } from 'react';
import { useTranslate } from 'ra-core';
import type { MessageKey } from './en.ts';

export type Words = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

/** Our own messages by a key that the compiler knows. */
export function useWords(): Words {
  const translate = useTranslate();
  return useCallback((key, values) => translate(key, values), [translate]);
}
