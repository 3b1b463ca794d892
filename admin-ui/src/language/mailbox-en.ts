/** Mails that the gateway wrote to the person who looks. */
export const mailboxEn = {
  'mail.title': 'Mailbox',
  'mail.help': 'What the gateway wrote to you. Without a mail server this is where mails arrive.',
  'mail.none': 'No mail yet. When something needs you, or an act of yours is decided, a mail appears here.',
  'mail.list': 'Mails',
  'mail.choose': 'Choose a mail to read it.',
  'mail.written': 'Written',
  'mail.back': 'All mails',
} as const;
