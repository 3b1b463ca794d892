import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { deliverMessage } from '@sallyport/server/jobs/deliver-message.ts';
import { enqueue } from '@sallyport/server/jobs/enqueue.ts';
import { createMailDelivery } from '@sallyport/server/jobs/mail/deliver-mail.ts';
import type { Recipients } from '@sallyport/server/jobs/mail/mail.ts';
import { openMail } from '@sallyport/server/jobs/mail/open-mail.ts';
import { openSmtp } from '@sallyport/server/jobs/mail/smtp.ts';
import { type RunningWorker, startWorker } from '@sallyport/server/jobs/worker.ts';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';
import { openMailServer, type TestMailServer } from '../../helpers/mail-server.ts';
import { openLog } from '../audit/log-fixture.ts';

const PUBLIC_URL = 'https://admin.example.com';
const { registry } = buildGatewaySchema(modules);

let gateway: TestGateway;
let server: TestMailServer;
const workers: RunningWorker[] = [];
const ids = new Map<string, string>();
const idOf = (name: string): string => ids.get(name) ?? '';
beforeAll(async () => {
  gateway = await startTestGateway();
  const { rows } = await sql<{ id: string; email: string }>`select id, email from gateway.staff`.execute(gateway.database.owner);
  for (const { id, email } of rows) ids.set(email.split('.')[0] ?? '', id);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  await server?.close();
});
afterAll(() => gateway.close());

interface KeptMail {
  readonly id: string;
  readonly staff_id: string;
  readonly to_address: string;
  readonly subject: string;
  readonly body: string;
  readonly attempts: number;
  readonly sent_at: string | null;
  readonly failure: string | null;
}
const mailsOf = async (messageId: string): Promise<readonly KeptMail[]> =>
  (await sql<KeptMail>`select * from gateway.outgoing_mail where message_id = ${messageId} order by to_address`.execute(gateway.database.owner)).rows;
const eventsOf = async (correlationId: string) => (await gateway.events({ correlationId })).map(({ kind, outcome }) => `${kind} ${outcome}`);

/** As an approval is asked for: only what stands on the row. */
async function ask(expiresIn = '1 hour', requester = 'dewi'): Promise<string> {
  const id = randomUUID();
  await sql`
    insert into gateway.approval_request (id, requester_id, session_id, second_factor, surface, ip, correlation_id, action, permission, target_type, target_id, target_title, tenant_id, reason,
      arguments, argument_digest, policy_version, rule, changes, shown_digest, requested_at, expires_at)
    values (${id}, ${idOf(requester)}, ${randomUUID()}, 'totp', 'console', '127.0.0.1', ${randomUUID()}, 'refundInvoice', 'billing.invoice.refund', 'invoice', 'canary-target', 'canary-title',
      'canary-tenant', 'canary-reason', '{"amount":"canary-amount"}', ${'d'.repeat(64)}, 'p', '{"stated":"x","alternatives":[{"approver":"billing-approver","quorum":1}],"denials":1}',
      '[{"after":"canary-change"}]', ${'5'.repeat(64)}, clock_timestamp() - interval '1 day', clock_timestamp() + ${expiresIn}::interval)`.execute(gateway.database.owner);
  return id;
}
const send = async (template: string, payload: Record<string, string>) => {
  const correlationId = randomUUID();
  const { messageId } = await gateway.database.app.transaction().execute((tx) => enqueue(tx, { job: 'deliver-message', payload: { template, ...payload } }, correlationId));
  return { messageId, correlationId };
};
const to =
  (...names: string[]): Recipients =>
  async () =>
    names.map(idOf);
const work = async (recipients: Recipients, mailServer: TestMailServer | null): Promise<RunningWorker> => {
  const { app, appPool } = gateway.database;
  const mail = openMail({ db: app, registry, publicUrl: PUBLIC_URL, server: mailServer && { server: mailServer.url, from: 'sallyport@example.com' }, recipients });
  const worker = await startWorker({ pool: appPool, audit: openLog(app), deliver: mail.deliver });
  workers.push(worker);
  return worker;
};
const delivered = (correlationId: string) =>
  vi.waitFor(async () => expect(await eventsOf(correlationId)).toContain('jobs.message.delivered ok'), { timeout: 15_000, interval: 50 });
/** The queue waits seconds before it tries again; the test does not. */
const hurry = () => sql`update graphile_worker._private_jobs set run_at = now() where attempts > 0 and locked_at is null`.execute(gateway.database.owner);

test('A mail says what happened, until when, and where to look, in both languages; nothing of the customer, and nothing in the queue', async () => {
  server = await openMailServer();
  const approvalId = await ask();
  const { messageId, correlationId } = await send('approval-requested', { approvalId });
  const { rows: queued } = await sql<{ payload: string }>`select payload::text from graphile_worker._private_jobs where payload->>'messageId' = ${messageId}`.execute(
    gateway.database.owner,
  );
  expect(queued[0]?.payload).not.toMatch(/canary|@|Dewi/);
  await work(to('agus', 'siti'), server);
  await delivered(correlationId);
  const mails = await mailsOf(messageId);
  expect(mails.map(({ to_address }) => to_address)).toEqual(['agus.pratama@sallyport.example', 'siti.rahmawati@sallyport.example']);
  for (const { subject, body, sent_at, failure } of mails) {
    expect(subject).toMatch(/^\[Sallyport\] Your approval is asked for: .+ · Persetujuan Anda diminta: /);
    expect(body).toContain('Dewi Lestari asks for a second person');
    expect(body).toContain('Dewi Lestari meminta persetujuan orang kedua');
    expect(body).toMatch(/until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(body).toContain(`${PUBLIC_URL}/`);
    expect(subject + body).not.toContain('canary');
    expect([typeof sent_at, failure]).toEqual(['string', null]);
  }
  expect(server.taken.map((mail) => mail.to.join()).toSorted()).toEqual(mails.map(({ to_address }) => to_address));
  for (const { source, from } of server.taken) {
    expect(from).toBe('sallyport@example.com');
    expect(source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(source).toMatch(/^Content-Language: en, id\r$/m);
    expect(mails.some(({ id }) => source.includes(`Message-ID: <${id}@example.com>`))).toBe(true);
    expect(source).not.toContain('canary');
  }
});

test('K16 a mail server that refuses some: the others get theirs, each failure is an event, and after all tries everybody has exactly one', { timeout: 40_000 }, async () => {
  server = await openMailServer();
  server.refuse = (recipient, attempt) => (recipient.startsWith('siti') && attempt <= 2 ? 451 : null);
  const { messageId, correlationId } = await send('approval-requested', { approvalId: await ask() });
  await work(to('agus', 'siti', 'fajar'), server);
  await vi.waitFor(
    async () => {
      await hurry();
      expect(await eventsOf(correlationId)).toContain('jobs.message.delivered ok');
    },
    { timeout: 30_000, interval: 200 },
  );
  expect(await eventsOf(correlationId)).toEqual(['jobs.message.delivery-failed failed', 'jobs.message.delivery-failed failed', 'jobs.message.delivered ok']);
  expect(server.taken.flatMap((mail) => mail.to).toSorted()).toEqual(['agus.pratama@sallyport.example', 'fajar.nugroho@sallyport.example', 'siti.rahmawati@sallyport.example']);
  expect((await mailsOf(messageId)).map(({ attempts, failure }) => [attempts, failure])).toEqual([
    [1, null],
    [1, null],
    [3, null],
  ]);
  const { rows } = await sql<{ last_error: string | null }>`select last_error from graphile_worker._private_jobs`.execute(gateway.database.owner);
  expect(JSON.stringify([rows, await gateway.events({ correlationId })])).not.toContain('canary-address');
});

test('X15 the first that is refused keeps no other from being sent, and its failure is kept as a code, never in the words of the mail server', async () => {
  server = await openMailServer();
  let first: string | null = null;
  server.refuse = (recipient) => ((first ??= recipient) === recipient ? 550 : null);
  const { app } = gateway.database;
  const { send: hand } = openSmtp(server.url, 'sallyport@example.com');
  const deliver = createMailDelivery({
    db: app,
    recipients: to('agus', 'siti', 'fajar'),
    send: hand,
    page: () => PUBLIC_URL,
    actionLabel: (action) => ({ en: action, id: action }),
  });
  const envelope = { messageId: randomUUID(), correlationId: randomUUID(), tenantId: null, payload: { template: 'approval-requested', approvalId: await ask() } };
  await expect(deliverMessage(app, openLog(app), deliver, envelope, 1)).rejects.toThrow('The mail server did not take a mail (EENVELOPE 550)');
  expect((await mailsOf(envelope.messageId)).map(({ to_address, sent_at, failure }) => [to_address === first, sent_at !== null, failure]).toSorted()).toEqual([
    [false, true, null],
    [false, true, null],
    [true, false, 'EENVELOPE 550'],
  ]);
});

test('a wrong password of the mail server is a failure, and is said nowhere', async () => {
  server = await openMailServer({ user: 'sallyport', password: 'p@ss/canary' });
  const sent = { id: randomUUID(), to: { email: 'agus@sallyport.example', displayName: 'Agus' }, subject: 's', body: 'b', language: 'en' };
  await openSmtp(server.url, 'sallyport@example.com').send(sent);
  expect(server.taken).toHaveLength(1);
  const wrong = new URL(server.url);
  wrong.password = 'canary-wrong';
  const failure = await openSmtp(wrong, 'sallyport@example.com')
    .send(sent)
    .catch((error: unknown) => error);
  expect(String(failure)).toBe('MailFailure: The mail server did not take a mail (EAUTH 535)');
});

test('the same job run by several workers at once, and again afterwards: one mail for each person', { timeout: 30_000 }, async () => {
  server = await openMailServer();
  const { app } = gateway.database;
  const { send: hand } = openSmtp(server.url, 'sallyport@example.com');
  const deliver = createMailDelivery({
    db: app,
    recipients: to('agus', 'siti', 'fajar', 'budi'),
    send: async (mail) => {
      await wait(30);
      await hand(mail);
    },
    page: () => PUBLIC_URL,
    actionLabel: (action) => ({ en: action, id: action }),
  });
  for (let round = 0; round < 5; round += 1) {
    const before = server.taken.length;
    const envelope = { messageId: randomUUID(), correlationId: randomUUID(), tenantId: null, payload: { template: 'approval-requested', approvalId: await ask() } };
    const run = (attempt: number) => deliverMessage(app, openLog(app), deliver, envelope, attempt).catch(() => undefined);
    await Promise.all([run(1), run(2), run(3), run(4)]);
    await run(5);
    expect(
      server.taken
        .slice(before)
        .flatMap((mail) => mail.to)
        .toSorted(),
    ).toHaveLength(4);
    expect(new Set(server.taken.slice(before).flatMap((mail) => mail.to)).size).toBe(4);
    expect((await eventsOf(envelope.correlationId)).filter((event) => event === 'jobs.message.delivered ok')).toHaveLength(1);
  }
});

test('a run that died while it held a mail: nobody sends it meanwhile, and afterwards it goes once, under its own Message-ID', async () => {
  server = await openMailServer();
  const { app, owner } = gateway.database;
  const envelope = { messageId: randomUUID(), correlationId: randomUUID(), tenantId: null, payload: { template: 'approval-requested', approvalId: await ask() } };
  const options = { db: app, recipients: to('agus'), page: () => PUBLIC_URL, actionLabel: (action: string) => ({ en: action, id: action }) };
  // Dies between holding and sending: the promise never settles.
  const dying = createMailDelivery({ ...options, send: () => new Promise(() => undefined) });
  void deliverMessage(app, openLog(app), dying, envelope, 1).catch(() => undefined);
  await vi.waitFor(async () => expect(await mailsOf(envelope.messageId)).toMatchObject([{ attempts: 1 }]), 5_000);
  const living = createMailDelivery({ ...options, send: openSmtp(server.url, 'sallyport@example.com').send });
  await expect(deliverMessage(app, openLog(app), living, envelope, 2)).rejects.toThrow('HELD');
  expect(server.taken).toHaveLength(0);
  await sql`update gateway.outgoing_mail set claimed_until = clock_timestamp() - interval '1 second' where message_id = ${envelope.messageId}`.execute(owner);
  await deliverMessage(app, openLog(app), living, envelope, 3);
  expect(server.taken).toHaveLength(1);
});

test('who is written to is settled once: a recipient who comes later, and one who is disabled meanwhile, get nothing', async () => {
  server = await openMailServer();
  const { app, owner } = gateway.database;
  let names = ['agus', 'siti'];
  const recipients: Recipients = async () => names.map(idOf);
  const envelope = { messageId: randomUUID(), correlationId: randomUUID(), tenantId: null, payload: { template: 'approval-requested', approvalId: await ask() } };
  const options = { db: app, recipients, page: () => PUBLIC_URL, actionLabel: (action: string) => ({ en: action, id: action }) };
  const failing = createMailDelivery({ ...options, send: () => Promise.reject(new Error('down')) });
  await expect(deliverMessage(app, openLog(app), failing, envelope, 1)).rejects.toThrow('FAILED');
  names = ['agus', 'siti', 'fajar'];
  await sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = ${idOf('siti')}`.execute(owner);
  await deliverMessage(app, openLog(app), createMailDelivery({ ...options, send: openSmtp(server.url, 'sallyport@example.com').send }), envelope, 2);
  await sql`update gateway.staff set state = 'active', disabled_at = null where id = ${idOf('siti')}`.execute(owner);
  expect(server.taken.flatMap((mail) => mail.to)).toEqual(['agus.pratama@sallyport.example']);
});

test('A message to a customer is none of ours, and a request that has ended asks nobody', async () => {
  server = await openMailServer();
  const ended = await ask();
  await sql`insert into gateway.approval_ending (request_id, state) values (${ended}, 'denied')`.execute(gateway.database.owner);
  const lapsed = await ask('-1 minute');
  const messages = [
    await send('password-reset', { personId: 'person-1' }),
    await send('approval-requested', { approvalId: ended }),
    await send('approval-requested', { approvalId: lapsed }),
    await send('approval-requested', { approvalId: randomUUID() }),
    await send('toString', {}),
  ];
  await work(to('agus'), server);
  for (const { messageId, correlationId } of messages) {
    await delivered(correlationId);
    expect(await mailsOf(messageId)).toEqual([]);
  }
  expect(server.taken).toEqual([]);
});

test('The end of a request is told, and an invitation without any way in', async () => {
  server = await openMailServer();
  const approvalId = await ask();
  await sql`insert into gateway.approval_ending (request_id, state) values (${approvalId}, 'executed')`.execute(gateway.database.owner);
  await sql`update gateway.staff set invited_by = ${idOf('siti')} where id = ${idOf('intan')}`.execute(gateway.database.owner);
  const [end, invitation] = [await send('approval-decided', { approvalId }), await send('staff-invited', { staffId: idOf('intan') })];
  await work(async (template) => [idOf(template === 'staff-invited' ? 'intan' : 'dewi')], server);
  await delivered(end.correlationId);
  await delivered(invitation.correlationId);
  expect(await mailsOf(end.messageId)).toMatchObject([{ to_address: 'dewi.lestari@sallyport.example', subject: expect.stringContaining('Your request was approved and done') }]);
  const [mail] = await mailsOf(invitation.messageId);
  expect(mail?.to_address).toBe('intan.maharani@sallyport.example');
  expect(mail?.body).toContain('handed over by Siti Rahmawati in person');
  expect(mail?.body).not.toMatch(/https?:|enrol|#\//i);
});

test('An emergency is told with the beginning of its reason, and told again only while nobody has reviewed it', async () => {
  server = await openMailServer();
  const { owner } = gateway.database;
  const id = randomUUID();
  const reason = `${'All  invoices\r\nBcc: everybody@evil.example\u202e '.repeat(6)}canary-end of a long reason`;
  await sql`insert into gateway.access_grant (id, staff_id, role, is_global, reason, kind, expires_at)
    values (${id}, ${idOf('fajar')}, 'break-glass', true, 'x', 'break-glass', clock_timestamp() + interval '20 minutes')`.execute(owner);
  await sql`insert into gateway.break_glass (id, staff_id, person_id, session_id, correlation_id, reason, ticket, is_global, started_at, ends_at)
    values (${id}, ${idOf('fajar')}, ${idOf('fajar')}, ${randomUUID()}, ${randomUUID()}, ${reason}, 'INC-7', true, clock_timestamp() - interval '10 minutes', clock_timestamp() + interval '10 minutes')`.execute(
    owner,
  );
  const [started, owed] = [await send('break-glass-started', { breakGlassId: id }), await send('break-glass-unreviewed', { breakGlassId: id })];
  await work(to('agus'), server);
  for (const { correlationId } of [started, owed]) await delivered(correlationId);
  const [mail] = await mailsOf(started.messageId);
  expect(mail?.subject).toContain('Emergency access by Fajar Nugroho');
  expect(mail?.body).toContain('(INC-7)');
  expect(mail?.body).toMatch(/It ends on \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  expect(mail?.body).not.toMatch(/canary-end|\u202e|^Bcc/m);
  expect(Math.max(...(mail?.body.split('\n') ?? []).map((line) => line.length))).toBeLessThan(300);
  expect(await mailsOf(owed.messageId)).toHaveLength(1);
  await sql`update gateway.break_glass set reviewed_by = ${idOf('agus')}, reviewed_at = clock_timestamp(), verdict = 'justified', review_comment = 'ok' where id = ${id}`.execute(
    owner,
  );
  const late = await send('break-glass-unreviewed', { breakGlassId: id });
  await delivered(late.correlationId);
  expect(await mailsOf(late.messageId)).toEqual([]);
});

test('An access review is told while it is open, with its deadline', async () => {
  server = await openMailServer();
  const { owner } = gateway.database;
  const id = randomUUID();
  await sql`insert into gateway.access_review (id, title, kind, scope, owner_id, created_at, days, deadline, cadence, correlation_id)
    values (${id}, 'Quarterly review', 'grants', '{}', ${idOf('siti')}, clock_timestamp(), 7, '2031-02-03T04:05:30Z', 'once', ${randomUUID()})`.execute(owner);
  const opened = await send('access-review-opened', { reviewId: id });
  await work(to('siti', 'agus'), server);
  await delivered(opened.correlationId);
  const mails = await mailsOf(opened.messageId);
  expect(mails).toHaveLength(2);
  expect(mails[0]?.subject).toBe('[Sallyport] Access review: Quarterly review · Peninjauan akses: Quarterly review');
  expect(mails[0]?.body).toContain('is open until 2031-02-03 04:05 UTC');
  expect(mails[0]?.body).toContain(`${PUBLIC_URL}/access-reviews/${id}`);
  await sql`update gateway.access_review set closed_at = clock_timestamp() where id = ${id}`.execute(owner);
  const late = await send('access-review-opened', { reviewId: id });
  await delivered(late.correlationId);
  expect(await mailsOf(late.messageId)).toEqual([]);
});

test('I15 B19 without a mail server the mail waits in the mailbox of the person it was written to, and of nobody else', async () => {
  server = await openMailServer();
  const { messageId, correlationId } = await send('approval-requested', { approvalId: await ask() });
  await work(to('agus'), null);
  await delivered(correlationId);
  const [mail] = await mailsOf(messageId);
  expect(mail).toMatchObject({ sent_at: null, failure: null, attempts: 0 });
  expect(server.taken).toEqual([]);
  const list = '{ outgoingMails(first: 50) { totalCount nodes { id subject body state } } }';
  const one = 'query One($id: ID!) { outgoingMail(id: $id) { id subject } }';
  const [agus, siti] = [await gateway.asRole('security-operator'), await gateway.asRole('platform-admin')];
  expect((await agus.query(list)).data?.['outgoingMails'].nodes).toContainEqual({ id: mail?.id, subject: mail?.subject, body: mail?.body, state: 'KEPT' });
  expect((await agus.query(one, { id: mail?.id })).data?.['outgoingMail']).toMatchObject({ id: mail?.id });
  const hers = await siti.query(list);
  expect(hers.codes).toEqual([]);
  expect(hers.data?.['outgoingMails'].nodes.map(({ id }: { id: string }) => id)).not.toContain(mail?.id);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from gateway.outgoing_mail where staff_id = ${idOf('siti')}`.execute(gateway.database.owner);
  expect(hers.data?.['outgoingMails'].totalCount).toBe(rows[0]?.count);
  const hidden = await siti.query(one, { id: mail?.id });
  const absent = await siti.query(one, { id: randomUUID() });
  expect([hidden.data, hidden.codes]).toEqual([absent.data, absent.codes]);
});

test('what was said to somebody stays: the serving role can neither edit nor delete a mail', async () => {
  for (const statement of [
    "update gateway.outgoing_mail set body = 'x'",
    "update gateway.outgoing_mail set to_address = 'x'",
    'delete from gateway.outgoing_mail',
    'truncate gateway.outgoing_mail',
  ])
    await expect(sql.raw(statement).execute(gateway.database.app)).rejects.toMatchObject({ code: '42501' });
});
