import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import type { ConsoleStage } from './console-driver.ts';
import { drawn } from './open-page.ts';
import type { Stop } from './pages.ts';

const WHY = { reason: 'Payments are down for everybody and nobody answers', ticket: 'INC-771' };
const START = 'mutation ($input: StartAccessReviewInput!) { startAccessReview(input: $input) { accessReview { id } } }';
const KEEP = 'mutation ($input: KeepAccessInput!) { keepAccess(input: $input) { status } }';
const TAKE = 'mutation ($input: ActivateBreakGlassInput!) { activateBreakGlass(input: $input) { breakGlassUse { id } } }';
const TOKEN = 'mutation ($input: CreateTokenInput!) { createToken(input: $input) { status } }';

type Send = (path: string, body: unknown, headers?: Record<string, string>) => Promise<{ errors?: { extensions: { challenge?: string } }[]; proof?: string }>;

/** Takes emergency access in the page's own session, in whichever language the page is, and loads it anew: now the banner stands there. */
async function takeInPage(page: Page, code: string): Promise<void> {
  const failed = await page.evaluate(
    async ([query, variables, digits, correlationId]) => {
      const send: Send = async (path, body, headers = {}) =>
        (await (
          await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', 'x-correlation-id': correlationId, ...headers }, body: JSON.stringify(body) })
        ).json()) as Awaited<ReturnType<Send>>;
      const asked = await send('/graphql', { query, variables });
      const { proof } = await send('/auth/step-up', { challenge: asked.errors?.[0]?.extensions.challenge, code: digits });
      const answer = await send('/graphql', { query, variables }, { 'step-up-proof': proof ?? '' });
      return answer.errors ? JSON.stringify(answer.errors) : null;
    },
    [TAKE, { input: { everywhere: true, minutes: 15, justification: WHY } }, code, randomUUID()] as const,
  );
  if (failed !== null) throw new Error(failed);
  await page.reload();
  await page.locator('[data-emergency]').waitFor();
  await drawn(page);
}

/** What people hold, take and review: makes a token, an emergency, a review with an answer, and a mail, so that there is something to see. */
export async function accessStops({ gateway }: ConsoleStage): Promise<readonly Stop[]> {
  const { owner } = gateway.database;
  const [operator, engineer, admin, auditor] = await Promise.all([
    gateway.asRole('support-operator'),
    gateway.asRole('production-engineer'),
    gateway.asRole('platform-admin'),
    gateway.asRole('compliance-auditor'),
  ]);
  const made = await operator.act(TOKEN, {
    input: { name: 'nightly report', permissions: ['accounts.tenant.read'], everywhere: true, minutes: 480, justification: { reason: 'Checks the night run' } },
  });
  const ownerId = ((await admin.query('{ viewer { id } }')).data?.['viewer'] as { id: string } | null | undefined)?.id;
  const started = await admin.act(START, {
    input: { title: 'Fourth quarter', kind: 'GRANTS', owner: ownerId, days: 7, cadence: 'QUARTERLY', justification: { reason: 'Quarterly review' } },
  });
  const review = (started.data?.['startAccessReview'] as { accessReview: { id: string } } | null)?.accessReview.id ?? '';
  const { data } = await auditor.query('query ($id: ID!) { accessReviewItems(filter: { reviewId: { eq: $id } }, first: 1) { nodes { id } } }', { id: review });
  const item = (data?.['accessReviewItems'] as { nodes: { id: string }[] } | null)?.nodes[0]?.id;
  const kept = await auditor.query(KEEP, { input: { id: item, justification: { reason: 'Still on the security rota' } } });
  const taken = await engineer.act(TAKE, { input: { everywhere: true, minutes: 30, justification: WHY } });
  const use = (taken.data?.['activateBreakGlass'] as { breakGlassUse: { id: string } } | null)?.breakGlassUse.id ?? '';
  const refused = [made, started, kept, taken].flatMap(({ errors }) => errors.map(({ message }) => message));
  if (refused.length > 0) throw new Error(refused.join('\n'));
  const mail = randomUUID();
  await sql`
    with message as (
      insert into gateway.outgoing_message (id, correlation_id, template, payload) values (gen_random_uuid(), gen_random_uuid(), 'break-glass-started', '{}') returning id
    )
    insert into gateway.outgoing_mail (id, message_id, staff_id, to_address, subject, body, language)
    select ${mail}::uuid, message.id, staff.id, staff.email, 'Emergency access by Fajar Nugroho', ${`Fajar Nugroho took emergency access.\n\nReview it:\nhttp://127.0.0.1:4000/break-glass/${use}`}, 'en'
    from message, gateway.staff where staff.email = ${gateway.personWith('security-operator').email}`.execute(owner);

  const nextCode = gateway.authenticatorOf(gateway.personWith('production-engineer'));
  const openEmergency = async (page: Page): Promise<void> => {
    // One debt at a time: what was taken before counts as reviewed.
    await sql`
      update gateway.break_glass taken set reviewed_at = clock_timestamp(), verdict = 'needs-follow-up', review_comment = 'Ask for the incident report',
        reviewed_by = (select other.id from gateway.staff other where other.id not in (taken.staff_id, taken.person_id) limit 1)
      where taken.reviewed_at is null and taken.staff_id = (select first.staff_id from gateway.break_glass first where first.id = ${use})`.execute(owner);
    await takeInPage(page, await nextCode());
  };
  const openForm = (act: string) => async (page: Page) => {
    await page.locator(`main [data-action="${act}"]`).first().click();
    await page.getByRole('dialog').locator('textarea:not([aria-hidden])').first().waitFor();
  };
  const openDecision = async (page: Page): Promise<void> => {
    await page.locator('[data-lock="none"]').first().focus();
    await page.keyboard.press('r');
    await page.getByRole('dialog').locator('textarea:not([aria-hidden])').first().waitFor();
  };
  return [
    { name: 'my-access', role: 'support-operator', path: '/my-access' },
    { name: 'ask-for-access', role: 'support-operator', path: '/my-access', open: openForm('requestElevation') },
    { name: 'break-glass', role: 'support-operator', path: '/break-glass' },
    { name: 'break-glass-form', role: 'support-operator', path: '/break-glass', open: openForm('activateBreakGlass') },
    { name: 'emergency', role: 'security-operator', path: `/break-glass/${use}` },
    { name: 'mailbox', role: 'security-operator', path: `/mailbox/${mail}` },
    { name: 'access-reviews', role: 'platform-admin', path: '/access-reviews' },
    { name: 'access-review', role: 'platform-admin', path: `/access-reviews/${review}` },
    { name: 'access-review-decide', role: 'platform-admin', path: `/access-reviews/${review}`, open: openDecision },
    { name: 'access-review-result', role: 'compliance-auditor', path: `/access-reviews/${review}/result` },
    { name: 'emergency-banner', role: 'production-engineer', path: '/tenants', open: openEmergency },
  ];
}
