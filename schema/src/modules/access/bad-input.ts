import { GatewayError } from '../../errors.ts';

/** One wrong place of an act's input; the value is never repeated. */
export const badInput = (path: string, message: string): GatewayError => new GatewayError('BAD_INPUT', undefined, { issues: [{ path: `input.${path}`, message }] });
