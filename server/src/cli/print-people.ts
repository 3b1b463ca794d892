import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'otplib';
import { z } from 'zod';

const People = z.array(
  z.looseObject({
    email: z.string(),
    password: z.string().nullish(),
    totpSecret: z.string().nullish(),
    roles: z.array(z.string()),
    tenants: z.union([z.literal('global'), z.array(z.string())]).nullish(),
  }),
);

const STEP_SECONDS = 30;

const codeAt = (secret: string, now: Date): Promise<string> => generate({ secret, epoch: Math.floor(now.getTime() / 1000) });

async function readPeople(dataDirectory: string): Promise<z.infer<typeof People>> {
  const text = await readFile(join(dataDirectory, 'demo-people.json'), 'utf8').catch(() => '[]');
  return People.parse(JSON.parse(text)).filter((person) => person.password && person.totpSecret);
}

/** The code that the authenticator of one of the demo people shows now; null for somebody else. */
export async function findCode(dataDirectory: string, email: string, now: Date = new Date()): Promise<string | null> {
  const person = (await readPeople(dataDirectory)).find((candidate) => candidate.email === email);
  return person?.totpSecret ? codeAt(person.totpSecret, now) : null;
}

/** The demo people as a table, with the code that their authenticator would show now; empty when this installation has none. */
export async function describePeople(dataDirectory: string, now: Date = new Date()): Promise<string> {
  const people = await readPeople(dataDirectory);
  if (people.length === 0) return '';
  const rows = await Promise.all(
    people.map(async ({ email, password, totpSecret, roles, tenants }) => [
      email,
      password ?? '',
      await codeAt(totpSecret ?? '', now),
      roles.join(', '),
      Array.isArray(tenants) && tenants.length > 0 && tenants[0] !== '*' ? `${tenants.length} tenant${tenants.length === 1 ? '' : 's'}` : 'all tenants',
    ]),
  );
  const left = STEP_SECONDS - (Math.floor(now.getTime() / 1000) % STEP_SECONDS);
  const table = [['E-mail', 'Password', 'Code', 'Roles', 'Reach'], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
  return `${lines.join('\n')}\n\n  These codes change in ${left} s; each works once. New ones: npm run -- sallyport people\n`;
}

const Invitation = z.looseObject({ email: z.string(), url: z.string() });

/** Where the demo's invited person enrols, under the address that the gateway listens on now; empty when there is none. */
export async function describeInvitation(dataDirectory: string, address: string): Promise<string> {
  const text = await readFile(join(dataDirectory, 'demo-invitation.json'), 'utf8').catch(() => null);
  if (text === null) return '';
  const { email, url } = Invitation.parse(JSON.parse(text));
  const { pathname, hash } = new URL(url);
  return `  To try enrolment as ${email} (once): ${new URL(`${pathname}${hash}`, address).href}\n`;
}
