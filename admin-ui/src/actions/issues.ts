import type { CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';
import { formName, REASON, TICKET } from './action-values.ts';

/** The form field that an issue's path means: `input.amount` → `amount`, `justification.reason` → its field. */
export function fieldOfIssue(action: CatalogueAction, path: string): string | null {
  const name = path.replace(/^(variables\.)?(input\.)?/, '');
  if (action.justification !== 'none' && (name === REASON || name === TICKET)) return formName(name);
  if (action.justification !== 'none' && name === 'justification') return formName(REASON);
  return action.input.some((input) => input.name === name) ? name : null;
}
