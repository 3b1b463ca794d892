import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { StepUpBinding } from '@sallyport/server/kernel/seams.ts';
import { type AccessFixture, type Answer, type Client, factsFrom } from './access-fixture.ts';

export const DIGEST = 'ab'.repeat(32);

/** The act that a viewer is about to do; `changed` makes another one of it. */
export const bindingOf = (viewer: Viewer, changed: Partial<StepUpBinding> = {}): StepUpBinding => ({
  viewer,
  action: 'refundInvoice',
  targetType: 'invoice',
  targetId: 'invoice-1',
  actionDigest: DIGEST,
  ...changed,
});

export async function viewerOf(client: Client): Promise<Viewer> {
  const viewer = await client.viewer();
  if (viewer === null) throw new Error('nobody is signed in');
  return viewer;
}

export async function challengeFor(fixture: AccessFixture, client: Client, changed: Partial<StepUpBinding> = {}): Promise<string> {
  const { challenge } = await fixture.authentication.stepUp.issueChallenge(bindingOf(await viewerOf(client), changed), factsFrom());
  return challenge;
}

export const stepUp = (client: Client, challenge: string, code: unknown): Promise<Answer> => client.send('/auth/step-up', { challenge, code });

/** Claims a proof in a transaction of its own, as the door would. */
export const claim = (fixture: AccessFixture, proof: string, binding: StepUpBinding): Promise<{ readonly stepUpId: string } | null> =>
  fixture.database.app.transaction().execute((tx) => fixture.authentication.stepUp.claimProof(tx, proof, binding));
