import { isFailure } from './gateway-failure.ts';
import { stepUpGate } from './gates.ts';
import { newCorrelationId, sendDocument, type GatewayAnswer, type RequestOptions } from './send-request.ts';

export interface Act {
  /** The act in words, as the code dialog names it. */
  readonly act: string;
  readonly object: string | null;
}

/**
 * Sends a document; where the gateway asks for a fresh code, asks the person and sends the very same
 * request again with the proof. All under one correlation ID.
 * @throws {GatewayFailure} as the gateway answered; {Dismissed} when the person gave up.
 */
export async function sendWithStepUp<Data>(document: string, variables: Record<string, unknown>, what: Act, options: RequestOptions = {}): Promise<GatewayAnswer<Data>> {
  const correlationId = options.correlationId ?? newCorrelationId();
  try {
    return await sendDocument<Data>(document, variables, { ...options, correlationId });
  } catch (error) {
    if (!isFailure(error) || error.code !== 'STEP_UP_REQUIRED') throw error;
    const challenge = error.entry.extensions?.challenge;
    if (!challenge) throw error;
    const stepUpProof = await stepUpGate.ask({ challenge, maxAgeSeconds: error.entry.extensions?.maxAgeSeconds ?? 300, correlationId, ...what });
    return await sendDocument<Data>(document, variables, { ...options, correlationId, stepUpProof });
  }
}
