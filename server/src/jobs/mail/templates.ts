import type { Tx } from '@sallyport/schema/ports.ts';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { type Addressee, type Mail, type MailPayload, oneLine } from './mail.ts';

/** What a template may ask for besides the database. */
export interface TemplateTools {
  /** The people that the message goes to, as they are now; nobody who is disabled. */
  readonly recipients: () => Promise<readonly Addressee[]>;
  /** Address of a record's page in the console; of the console itself where it has none. */
  readonly page: (resource: string, id: string) => string;
  /** What an action is called. */
  readonly actionLabel: (action: string) => Text;
}

/**
 * Says, at the time of delivery, what is to be written to whom. No customer's data, no secret and nothing that signs anybody
 * in: a mail tells that something waits in the console, where today's rights decide what is shown. Nothing where there
 * is nothing to say any more.
 */
export type MailTemplate = (tx: Tx, payload: MailPayload, tools: TemplateTools) => Promise<readonly Mail[]>;

/** Reasons are quoted to this many characters. */
const LONGEST_QUOTE = 200;
const LONGEST_NAME = 100;

const name = (text: string): string => oneLine(text, LONGEST_NAME);
const minute = (column: string): RawBuilder<string> => sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')`;

/** @throws {TypeError} for a payload that names no record. */
function idIn(payload: MailPayload, key: string): string {
  const id = z.uuid().safeParse(payload[key]);
  if (!id.success) throw new TypeError(`The message names no ${key}`);
  return id.data;
}

const approvalRequested: MailTemplate = async (tx, payload, { recipients, page, actionLabel }) => {
  const id = idIn(payload, 'approvalId');
  const { rows } = await sql<{ action: string; requester: string; until: string }>`
    select request.action, requester.display_name as requester, ${minute('request.expires_at')} as until
    from gateway.approval_request request join gateway.staff requester on requester.id = request.requester_id
    where request.id = ${id} and request.expires_at > clock_timestamp()
      and not exists (select from gateway.approval_ending ending where ending.request_id = request.id)`.execute(tx);
  const [request] = rows;
  if (!request) return [];
  const what = actionLabel(request.action);
  const who = name(request.requester);
  const link = page('approvalRequest', id);
  return [
    {
      to: await recipients(),
      subject: { en: `Your approval is asked for: ${what.en}`, id: `Persetujuan Anda diminta: ${what.id}` },
      body: {
        en: `${who} asks for a second person: ${what.en}.\nIt can be decided until ${request.until}.\n\nLook at it before you decide:\n${link}`,
        id: `${who} meminta persetujuan orang kedua: ${what.id}.\nDapat diputuskan sampai ${request.until}.\n\nPeriksa sebelum memutuskan:\n${link}`,
      },
    },
  ];
};

/** How a request ended, in words. */
const ENDINGS: Readonly<Record<string, Text>> = {
  executed: { en: 'approved and done', id: 'disetujui dan dijalankan' },
  denied: { en: 'denied', id: 'ditolak' },
  cancelled: { en: 'cancelled', id: 'dibatalkan' },
  expired: { en: 'not decided in time', id: 'tidak diputuskan tepat waktu' },
  stale: { en: 'not done, because what was approved had changed', id: 'tidak dijalankan karena yang disetujui telah berubah' },
  failed: { en: 'approved, but could not be done', id: 'disetujui, tetapi tidak dapat dijalankan' },
};

const approvalDecided: MailTemplate = async (tx, payload, { recipients, page, actionLabel }) => {
  const id = idIn(payload, 'approvalId');
  const { rows } = await sql<{ action: string; state: string; at: string }>`
    select request.action, ending.state, ${minute('ending.ended_at')} as at
    from gateway.approval_request request join gateway.approval_ending ending on ending.request_id = request.id
    where request.id = ${id}`.execute(tx);
  const [request] = rows;
  const how = request && ENDINGS[request.state];
  if (!request || !how) return [];
  const what = actionLabel(request.action);
  const link = page('approvalRequest', id);
  return [
    {
      to: await recipients(),
      subject: { en: `Your request was ${how.en}: ${what.en}`, id: `Permintaan Anda ${how.id}: ${what.id}` },
      body: {
        en: `Your request "${what.en}" was ${how.en}, on ${request.at}.\n\nThe whole story:\n${link}`,
        id: `Permintaan Anda "${what.id}" ${how.id}, pada ${request.at}.\n\nSelengkapnya:\n${link}`,
      },
    },
  ];
};

interface Emergency {
  readonly who: string;
  readonly reason: string;
  readonly ticket: string | null;
  readonly since: string;
  readonly until: string;
  readonly isReviewed: boolean;
}

const emergencyOf = async (tx: Tx, id: string): Promise<Emergency | undefined> => {
  const { rows } = await sql<Emergency>`
    select person.display_name as who, taken.reason, taken.ticket, ${minute('taken.started_at')} as since,
      to_char(coalesce(taken.ended_at, taken.ends_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') as until, taken.reviewed_at is not null as "isReviewed"
    from gateway.break_glass taken join gateway.staff person on person.id = taken.staff_id where taken.id = ${id}`.execute(tx);
  return rows[0];
};

const breakGlassStarted: MailTemplate = async (tx, payload, { recipients, page }) => {
  const id = idIn(payload, 'breakGlassId');
  const taken = await emergencyOf(tx, id);
  if (!taken) return [];
  const [who, link] = [name(taken.who), page('breakGlassUse', id)];
  const quoted = `"${oneLine(taken.reason, LONGEST_QUOTE)}"${taken.ticket === null ? '' : ` (${name(taken.ticket)})`}`;
  return [
    {
      to: await recipients(),
      subject: { en: `Emergency access by ${who}`, id: `Akses darurat oleh ${who}` },
      body: {
        en: `${who} took emergency access on ${taken.since}. It ends on ${taken.until}.\nThe reason given: ${quoted}\n\nWatch what is done, and review it afterwards:\n${link}`,
        id: `${who} mengambil akses darurat pada ${taken.since}. Berakhir pada ${taken.until}.\nAlasan yang diberikan: ${quoted}\n\nPantau yang dilakukan, lalu tinjau:\n${link}`,
      },
    },
  ];
};

const breakGlassUnreviewed: MailTemplate = async (tx, payload, { recipients, page }) => {
  const id = idIn(payload, 'breakGlassId');
  const taken = await emergencyOf(tx, id);
  if (!taken || taken.isReviewed) return [];
  const [who, link] = [name(taken.who), page('breakGlassUse', id)];
  return [
    {
      to: await recipients(),
      subject: { en: `Not reviewed yet: emergency access by ${who}`, id: `Belum ditinjau: akses darurat oleh ${who}` },
      body: {
        en: `The emergency access that ${who} took on ${taken.since} ended on ${taken.until}, and nobody has reviewed it.\n\nReview it, or ask somebody who may:\n${link}`,
        id: `Akses darurat yang diambil ${who} pada ${taken.since} berakhir pada ${taken.until}, dan belum ada yang meninjaunya.\n\nTinjau, atau minta orang yang berwenang:\n${link}`,
      },
    },
  ];
};

const accessReviewOpened: MailTemplate = async (tx, payload, { recipients, page }) => {
  const id = idIn(payload, 'reviewId');
  const { rows } = await sql<{ title: string; until: string }>`
    select review.title, ${minute('review.deadline')} as until from gateway.access_review review where review.id = ${id} and review.closed_at is null`.execute(tx);
  const [review] = rows;
  if (!review) return [];
  const [title, link] = [name(review.title), page('accessReview', id)];
  return [
    {
      to: await recipients(),
      subject: { en: `Access review: ${title}`, id: `Peninjauan akses: ${title}` },
      body: {
        en: `The access review "${title}" is open until ${review.until}.\nWhat is not answered by then is revoked.\n\nAnswer your lines:\n${link}`,
        id: `Peninjauan akses "${title}" dibuka sampai ${review.until}.\nYang tidak dijawab sampai saat itu akan dicabut.\n\nJawab bagian Anda:\n${link}`,
      },
    },
  ];
};

const staffInvited: MailTemplate = async (tx, payload, { recipients }) => {
  const id = idIn(payload, 'staffId');
  const { rows } = await sql<{ who: string; inviter: string | null }>`
    select invited.display_name as who, inviter.display_name as inviter
    from gateway.staff invited
      left join lateral (select made.made_by from gateway.enrolment_link made where made.staff_id = invited.id order by made.created_at desc, made.id limit 1) link on true
      left join gateway.staff inviter on inviter.id = coalesce(link.made_by, invited.invited_by)
    where invited.id = ${id} and invited.state = 'invited'`.execute(tx);
  const [invitation] = rows;
  if (!invitation) return [];
  const who = name(invitation.who);
  const by: Text = invitation.inviter === null ? { en: 'an administrator', id: 'seorang administrator' } : { en: name(invitation.inviter), id: name(invitation.inviter) };
  return [
    {
      to: await recipients(),
      subject: { en: `Invitation for ${who}`, id: `Undangan untuk ${who}` },
      body: {
        en: `${who} was invited to Sallyport by ${by.en}.\nThe link to set a password and an authenticator is handed over by ${by.en} in person; it never comes by mail.`,
        id: `${who} diundang ke Sallyport oleh ${by.id}.\nTautan untuk membuat kata sandi dan autentikator diserahkan langsung oleh ${by.id}; tidak pernah dikirim lewat surel.`,
      },
    },
  ];
};

const logStreamFailing: MailTemplate = async (tx, payload, { recipients, page }) => {
  const { rows } = await sql<{ destination: string; since: string; problem: string }>`
    select stream.destination, to_char(coalesce(stream.failing_since, stream.served_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') as since, coalesce(stream.problem, 'NOT_SERVED') as problem
    from gateway.log_stream stream where stream.name = ${String(payload['stream'] ?? '')} and stream.alerted_at is not null`.execute(tx);
  const [stream] = rows;
  if (!stream) return [];
  const [where, link] = [name(stream.destination), page('logStream', '')];
  return [
    {
      to: await recipients(),
      subject: { en: `The audit log no longer reaches ${where}`, id: `Log audit tidak lagi sampai ke ${where}` },
      body: {
        en: `Since ${stream.since} no entry of the audit log has been taken by ${where} (${stream.problem}).\nNothing is lost: entries are kept, and sent when it answers again.\n\nLook at the receiver, or at the gateway's configuration:\n${link}`,
        id: `Sejak ${stream.since} tidak ada entri log audit yang diterima ${where} (${stream.problem}).\nTidak ada yang hilang: entri disimpan dan dikirim begitu penerima menjawab lagi.\n\nPeriksa penerimanya, atau konfigurasi gerbang:\n${link}`,
      },
    },
  ];
};

/** Name → template. What has none here is no mail to our staff: a message to a customer, which others carry. */
export const MAIL_TEMPLATES: Readonly<Record<string, MailTemplate>> = {
  'approval-requested': approvalRequested,
  'approval-decided': approvalDecided,
  'break-glass-started': breakGlassStarted,
  'break-glass-unreviewed': breakGlassUnreviewed,
  'access-review-opened': accessReviewOpened,
  'staff-invited': staffInvited,
  'log-stream-failing': logStreamFailing,
};
