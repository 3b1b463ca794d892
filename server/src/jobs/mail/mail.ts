import type { StaffMember } from '@sallyport/schema/viewer.ts';
import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { JobEnvelope } from '../queue.ts';

/** Of a message: the template's name and IDs, never a value that anybody typed. */
export type MailPayload = JobEnvelope['payload'];

/** One of our own staff, as a mail needs them. */
export type Addressee = Pick<StaffMember, 'id' | 'email' | 'displayName'>;

/** One text to the same people. Plain text, in both languages. */
export interface Mail {
  readonly to: readonly Addressee[];
  readonly subject: Text;
  readonly body: Text;
}

/** IDs of the staff that a message goes to, decided when it is delivered. What they may not know is not for them: whoever resolves sees to it. */
export type Recipients = (template: string, payload: MailPayload) => Promise<readonly string[]>;

/** A mail as it is kept and sent: both languages in one, for nobody has said yet which one they read. */
export interface RenderedMail {
  readonly subject: string;
  readonly body: string;
  /** As in the header Content-Language (RFC 3282). */
  readonly language: string;
}

const LONGEST_SUBJECT = 300;
const LONGEST_BODY = 20_000;

export function renderMail({ subject, body }: Pick<Mail, 'subject' | 'body'>): RenderedMail {
  return {
    subject: oneLine(`[Sallyport] ${subject.en} · ${subject.id}`, LONGEST_SUBJECT),
    body: `${body.en}\n\n----------\n\n${body.id}\n`.slice(0, LONGEST_BODY),
    language: 'en, id',
  };
}

/**
 * A text of people on one line: no control or formatting character that could forge a header, a further line or a direction
 * of writing, and no longer than `longest` characters.
 */
export function oneLine(text: string, longest: number): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = [...plain];
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join('')}…`;
}
