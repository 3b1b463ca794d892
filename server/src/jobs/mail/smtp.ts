import { createTransport } from 'nodemailer';
import type { Addressee, RenderedMail } from './mail.ts';

/** Hands one mail to the mail server. @throws {MailFailure} when the server did not take it, or may not have. */
export type SendMail = (mail: RenderedMail & { readonly id: string; readonly to: Pick<Addressee, 'email' | 'displayName'> }) => Promise<void>;

export interface Smtp {
  readonly send: SendMail;
  close(): void;
}

/** Why a mail was not taken, as a code: the server's own words repeat addresses. */
export class MailFailure extends Error {
  readonly reason: string;
  constructor(reason: string, cause: unknown) {
    super(`The mail server did not take a mail (${reason})`, { cause });
    this.name = 'MailFailure';
    this.reason = reason;
  }
}

/** Times in milliseconds. All of it together stays well below how long a mail is held by who sends it. */
const TIMEOUTS = { dnsTimeout: 5_000, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };
const WHOLE_MS = 45_000;

/**
 * A mail server. `smtps:` is TLS from the first byte; `smtp:` has to become TLS before anything is said, unless the server is on this
 * machine. The Message-ID follows from the mail's own ID, so that a mail that had to be sent twice is one in the reader's box.
 * @param url as `readConfig` has checked it.
 * @param from address of the sender.
 */
export function openSmtp(url: URL, from: string): Smtp {
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    // A server on this machine is spoken to as it is: its certificate could name nobody.
    ...(secure ? {} : isThisMachine(url.hostname) ? { ignoreTLS: true } : { requireTLS: true }),
    ...(url.username === '' ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    ...TIMEOUTS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return {
    async send({ id, to, subject, body, language }) {
      const sending = transport.sendMail({
        from: { name: 'Sallyport', address: from },
        to: { name: to.displayName, address: to.email },
        subject,
        text: body,
        messageId: `<${id}@${domain}>`,
        // RFC 3834: no out-of-office answers to a program.
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
      });
      try {
        await Promise.race([sending, expire(WHOLE_MS)]);
      } catch (cause) {
        sending.catch(() => undefined);
        throw new MailFailure(reasonOf(cause), cause);
      }
    },
    close: () => transport.close(),
  };
}

const isThisMachine = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

async function expire(milliseconds: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })), milliseconds).unref();
  });
}

/** Code of the failure and of the server's answer, e.g. `EENVELOPE 550`. */
function reasonOf(cause: unknown): string {
  const { code, responseCode } = cause as { code?: unknown; responseCode?: unknown };
  const words = [typeof code === 'string' && /^[A-Z]{2,20}$/.test(code) ? code : 'FAILED', ...(typeof responseCode === 'number' ? [String(responseCode)] : [])];
  return words.join(' ');
}
