import { GatewayError } from '@sallyport/schema/errors.ts';
import type { RequestContext, Tx } from '@sallyport/schema/ports.ts';
import type { ActionDeclaration, ApprovalRule, InputMap } from '@sallyport/schema/vocabulary/define-action.ts';
import type { FieldMap } from '@sallyport/schema/vocabulary/field.ts';
import type { DoorParts, GrowingAttempt } from './attempt.ts';
import type { ActFacts } from './carry-out.ts';
import type { ParsedInput } from './parse-input.ts';

export interface Passed {
  /** The proof that was spent; null where none was needed. */
  readonly stepUpId: string | null;
  /** The rule by which a second person is needed; null where none is. */
  readonly rule: ApprovalRule<FieldMap, InputMap> | null;
}

/** Justification → step-up → approval. @throws {GatewayError} at the first that is not passed. */
export async function passGates(
  parts: DoorParts,
  tx: Tx,
  action: ActionDeclaration,
  input: ParsedInput,
  facts: ActFacts,
  digest: string,
  attempt: GrowingAttempt,
  context: RequestContext,
): Promise<Passed> {
  const ticketMissing = action.justification === 'reason-and-ticket' && input.ticket === null;
  if (action.justification !== 'none' && (input.reason === null || ticketMissing)) throw new GatewayError('JUSTIFICATION_REQUIRED');

  const stepUpId = isSensitive(action, facts) ? await spendProof(parts, tx, action, facts, digest, attempt, context) : null;

  const rule = bindingRule(action, facts);
  // Whoever asks a second person has to be a person.
  if (rule && facts.viewer.token) throw new GatewayError('APPROVAL_REQUIRED');
  return { stepUpId, rule };
}

/** The first rule that binds, of those declared strictest first. */
export const bindingRule = (action: ActionDeclaration, facts: ActFacts): ApprovalRule<FieldMap, InputMap> | null => action.approval?.find((rule) => rule.when(facts)) ?? null;

function isSensitive(action: ActionDeclaration, facts: ActFacts): boolean {
  if (action.sensitive === 'never') return false;
  return action.sensitive === 'always' || action.sensitive.when(facts);
}

async function spendProof(parts: DoorParts, tx: Tx, action: ActionDeclaration, facts: ActFacts, digest: string, attempt: GrowingAttempt, context: RequestContext): Promise<string> {
  // A token shows that somebody was there once, not that somebody is (NIST SP 800-63B; THREATS G10).
  if (facts.viewer.token) throw new GatewayError('FORBIDDEN');
  const binding = { viewer: facts.viewer, action: action.name, targetType: action.on.name, targetId: action.creates ? null : facts.target.id, actionDigest: digest };
  attempt.binding = binding;
  const spent = context.stepUpProof === null ? null : await parts.authentication.stepUp.claimProof(tx, context.stepUpProof, binding);
  if (!spent) throw new GatewayError('STEP_UP_REQUIRED');
  return spent.stepUpId;
}
