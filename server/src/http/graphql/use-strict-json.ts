import { parseJsonObject } from '../json-body.ts';
import type { GatewayPlugin } from './exchange.ts';

/**
 * A body can be small and still be dangerous: thousands of levels, keys that name a prototype, an array of
 * operations that counts as one request (THREATS I02, I08, I09). Yoga's parser takes whatever `JSON.parse` takes;
 * this one takes one flat enough object.
 */
export function useStrictJson(): GatewayPlugin {
  return {
    onRequestParse({ setRequestParser }) {
      setRequestParser(async (request) => {
        const parameters = parseJsonObject(await request.text());
        // An empty name, which some clients send, is no name.
        if (parameters['operationName'] === '') delete parameters['operationName'];
        return parameters;
      });
    },
  };
}
