import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { v7 as makeUuid } from 'uuid';
import type { Deliver, OutgoingMessage } from '../deliver-message.ts';
import { type Addressee, type Recipients, renderMail } from './mail.ts';
import { MailFailure, type SendMail } from './smtp.ts';
import { MAIL_TEMPLATES, type MailTemplate, type TemplateTools } from './templates.ts';

export interface MailDeliveryOptions extends Pick<TemplateTools, 'page' | 'actionLabel'> {
  readonly db: Db;
  readonly recipients: Recipients;
  /** Null keeps mails in the mailbox of the console. */
  readonly send: SendMail | null;
  readonly templates?: Readonly<Record<string, MailTemplate>>;
}

/** How long whoever sends a mail holds it, in minutes: longer than sending can take. */
const HELD_MINUTES = 2;

/**
 * Delivers messages to our own staff: renders them once, keeps one mail for each person, sends each of those once. A message that no
 * template knows is a customer's and stays where it is.
 *
 * Crash points: before the commit of the mails nothing was said, and the next run renders anew. After it, the next run finds them and
 * renders nothing: who is written to, and what, is settled. Between the mail server's answer and `sent_at`, the mail is let go
 * after HELD_MINUTES and sent again under the same Message-ID: SMTP knows no better. In all other cases a person gets one mail.
 */
export function createMailDelivery({ db, recipients, send, templates = MAIL_TEMPLATES, page, actionLabel }: MailDeliveryOptions): Deliver {
  return async (message) => {
    const template = Object.hasOwn(templates, message.template) ? templates[message.template] : undefined;
    if (!template) return;
    await db.transaction().execute((tx) => keepMails(tx, message, template, { page, actionLabel }, recipients));
    if (send) await sendMails(db, message.id, send);
  };
}

/** Renders a message, unless an earlier run did. Only one run at a time: the message's row is locked. */
async function keepMails(tx: Tx, message: OutgoingMessage, template: MailTemplate, tools: Pick<TemplateTools, 'page' | 'actionLabel'>, recipients: Recipients): Promise<void> {
  await sql`select from gateway.outgoing_message where id = ${message.id} for update`.execute(tx);
  const { rows: kept } = await sql`select from gateway.outgoing_mail where message_id = ${message.id} limit 1`.execute(tx);
  if (kept.length > 0) return;
  const people = async (): Promise<readonly Addressee[]> => {
    const ids = await recipients(message.template, message.payload);
    const { rows } = await sql<Addressee>`
      select id, email, display_name as "displayName" from gateway.staff where id = any(${[...new Set(ids)]}::uuid[]) and state <> 'disabled' order by id`.execute(tx);
    return rows;
  };
  for (const mail of await template(tx, message.payload, { ...tools, recipients: people })) {
    const { subject, body, language } = renderMail(mail);
    for (const { id, email } of mail.to) {
      await sql`
        insert into gateway.outgoing_mail (id, message_id, staff_id, to_address, subject, body, language)
        values (${makeUuid()}, ${message.id}, ${id}, ${email}, ${subject}, ${body}, ${language})
        on conflict (message_id, staff_id) do nothing`.execute(tx);
    }
  }
}

interface HeldMail {
  readonly id: string;
  readonly toAddress: string;
  readonly displayName: string;
  readonly subject: string;
  readonly body: string;
  readonly language: string;
}

/** Sends what was not sent yet; one that fails keeps no other from being sent. @throws {MailFailure} when one was not, for the queue to try again. */
async function sendMails(db: Db, messageId: string, send: SendMail): Promise<void> {
  const tried: string[] = [];
  let failure: MailFailure | null = null;
  for (let mail = await holdNext(db, messageId, tried); mail; mail = await holdNext(db, messageId, tried)) {
    tried.push(mail.id);
    try {
      await send({ id: mail.id, to: { email: mail.toAddress, displayName: mail.displayName }, subject: mail.subject, body: mail.body, language: mail.language });
    } catch (fault) {
      failure = fault instanceof MailFailure ? fault : new MailFailure('FAILED', fault);
      await sql`update gateway.outgoing_mail set failure = ${failure.reason}, claimed_until = null where id = ${mail.id} and sent_at is null`.execute(db);
      continue;
    }
    await sql`update gateway.outgoing_mail set sent_at = clock_timestamp(), failure = null, claimed_until = null where id = ${mail.id}`.execute(db);
  }
  if (failure) throw failure;
  // Held by a run that died, or by one that is sending right now: this one may not say that all is done.
  const { rows } = await sql`
    select from gateway.outgoing_mail mail join gateway.staff person on person.id = mail.staff_id
    where mail.message_id = ${messageId} and mail.sent_at is null and person.state <> 'disabled' limit 1`.execute(db);
  if (rows.length > 0) throw new MailFailure('HELD', null);
}

/** Takes hold of one mail by the database's clock, so that of several runs one sends it. Nobody disabled meanwhile is written to. */
async function holdNext(db: Db, messageId: string, tried: readonly string[]): Promise<HeldMail | undefined> {
  const { rows } = await sql<HeldMail>`
    update gateway.outgoing_mail mail set claimed_until = clock_timestamp() + make_interval(mins => ${HELD_MINUTES}), attempts = mail.attempts + 1
    from gateway.staff person
    where person.id = mail.staff_id and mail.id = (
      select waiting.id from gateway.outgoing_mail waiting join gateway.staff addressee on addressee.id = waiting.staff_id
      where waiting.message_id = ${messageId} and waiting.sent_at is null and addressee.state <> 'disabled'
        and (waiting.claimed_until is null or waiting.claimed_until < clock_timestamp()) and not (waiting.id = any(${[...tried]}::uuid[]))
      order by waiting.id limit 1 for update of waiting skip locked)
    returning mail.id, mail.to_address as "toAddress", person.display_name as "displayName", mail.subject, mail.body, mail.language`.execute(db);
  return rows[0];
}
