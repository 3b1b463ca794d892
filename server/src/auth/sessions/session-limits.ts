/** Minutes without a request after which a session is over (NIST SP 800-63B, AAL2). */
export const IDLE_MINUTES = 30;
/** Hours after which a session is over whatever was done in it. */
export const ABSOLUTE_HOURS = 12;
/** Minutes in which the second factor must follow the password. */
export const HALF_SESSION_MINUTES = 5;
/** Live sessions of one person; a further sign-in ends the oldest. */
export const SESSIONS_PER_PERSON = 10;
/** Seconds between two notes of a session's last use. */
export const SEEN_SECONDS = 60;
