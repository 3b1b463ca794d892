import { GatewayError } from '@sallyport/schema/errors.ts';
import { MAX_RECORDS } from './cost.ts';
import type { GatewayPlugin } from './exchange.ts';

const MAX_VARIABLES = 100;

/**
 * Page sizes multiply along the levels of a document, and they come in variables: the same text that reads ten
 * records today asks for a billion tomorrow (THREATS I06). So the estimate is compared at every execution, after
 * the text was found good.
 */
export function useDocumentCost(): GatewayPlugin {
  return {
    onValidate({ context: { exchange, params } }) {
      const variables = params.variables ?? {};
      if (Object.keys(variables).length > MAX_VARIABLES) throw new GatewayError('QUERY_REJECTED', 'Too many variables.');
      // Compared this way round, NaN is refused too.
      if (exchange.prepared && !(exchange.prepared.cost(variables) <= MAX_RECORDS)) throw new GatewayError('QUERY_REJECTED', 'The document asks for too many records at once.');
    },
  };
}
