import type { Documents } from './documents.ts';
import type { GatewayPlugin } from './exchange.ts';

/**
 * A document can cost more to judge than to run, and a cache of verdicts that depend on the person gives one
 * person's verdict to another (THREATS I05, X7). So text is parsed, limited and validated in one place that knows
 * the text alone (`documents.ts`), and Yoga's own parser, validation and their caches never see it.
 */
export function usePreparedDocuments(documents: Documents): GatewayPlugin {
  return {
    onParse({ context: { exchange, params }, params: { source }, setParsedDocument }) {
      exchange.text = typeof source === 'string' ? source : source.body;
      exchange.prepared = documents.prepare(exchange.text, params.operationName ?? null, exchange.viewer !== null);
      setParsedDocument(exchange.prepared.document);
    },
    onValidate({ setResult }) {
      setResult([]);
    },
  };
}
