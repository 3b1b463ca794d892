/** The resource of mails to our own staff, by its name in the catalogue. */
export const MAIL = 'outgoingMail';
