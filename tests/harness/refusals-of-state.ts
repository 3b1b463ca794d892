import { inputOf } from './possible-acts.ts';
import { freshInput, type Stage } from './stage.ts';

/** Refused for how things stand: a record in another state, a second person needed, a log that can't be written. */
export async function refuseByState(stage: Stage): Promise<void> {
  const { acts, action, catalogue, refused, send, superuser } = stage;
  if (action.allowedIn) {
    const { wrongState } = acts;
    const code = action.allowedIn.codes?.[String(wrongState?.fields[action.allowedIn.field])] ?? 'CONFLICT';
    if (wrongState) await refused(code, 'a state in which it makes no sense', () => send(inputOf(wrongState, stage.act.values)));
    else stage.missing('no record in a state that is not allowed');
  }
  // A second person is asked, not refused: a request is filed, which the execution matrix looks at.
  if (action.approval && !acts.forApproval) stage.missing(`no record for which approval is required (${catalogue.approval.map((rule) => rule.when.en).join('; ')})`);
  const input = freshInput(stage);
  const proof = stage.act.stepUp ? { proof: await stage.prove(input) } : {};
  await superuser.query('revoke insert on audit.event from sallyport_app');
  try {
    // A log that is down can't hold its own refusal: no event, and for that very reason no change (H04).
    await refused('AUDIT_UNAVAILABLE', 'the log refuses every event', () => send(input, proof), 0);
    await refused('AUDIT_UNAVAILABLE', 'the log refuses a preview', () => send({ ...input, preview: true }), 0);
  } finally {
    await superuser.query('grant insert on audit.event to sallyport_app');
  }
}
