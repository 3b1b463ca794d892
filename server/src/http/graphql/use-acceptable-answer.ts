import { HttpRefusal } from '../http-refusal.ts';
import type { GatewayPlugin } from './exchange.ts';

/** Ranges that an answer of ours falls under. */
const OURS = new Set(['*/*', 'application/*', 'application/json', 'application/graphql-response+json']);

/**
 * Yoga looks for a media type when the result is there: a mutation would be done and then answered with 406, and
 * `text/event-stream` or `multipart/mixed` would open a stream (THREATS I14, I15). So a caller who wants none of
 * our two media types is refused before anything runs. Which of the two it gets is left to Yoga.
 */
export function useAcceptableAnswer(): GatewayPlugin {
  return {
    onRequest({ serverContext: { exchange } }) {
      const accept = exchange.headers.get('accept');
      if (accept !== null && !OURS.has(accept) && !accept.split(',').some(isOurs)) {
        throw new HttpRefusal(406, 'BAD_INPUT', 'Answers are application/graphql-response+json or application/json.');
      }
    },
  };
}

function isOurs(range: string): boolean {
  const [type = '', ...parameters] = range.toLowerCase().replace(/\s/g, '').split(';');
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return OURS.has(type) && (charset === undefined || charset === 'charset=utf-8');
}
