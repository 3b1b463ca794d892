import { GatewayError } from '../../errors.ts';

const AMOUNT = /^-?\d{1,16}(\.\d{1,2})?$/;

/**
 * An exact amount in hundredths: `'12.5'` gives `1250n`.
 * @throws {GatewayError} BAD_INPUT naming `path` for what no NUMERIC(18, 2) holds exactly.
 */
export function hundredths(amount: string, path = 'input.amount'): bigint {
  if (!AMOUNT.test(amount)) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path, message: 'an amount has at most two decimals' }] });
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const size = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
  return amount.startsWith('-') ? -size : size;
}

/** Whether an amount, whichever its sign, is more than a limit in whole units of the currency. */
export function exceeds(amount: bigint, limit: number): boolean {
  return (amount < 0n ? -amount : amount) > BigInt(limit) * 100n;
}
