import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire, with its headers. */
  readonly source: string;
}

/** A mail server of a test's own, on loopback. */
export interface TestMailServer {
  readonly url: URL;
  /** Every mail that it has taken, in order. */
  readonly taken: readonly TakenMail[];
  /** What the server answers to a recipient or to a whole mail: nothing to take it, else the SMTP code. */
  refuse: (recipient: string, attempt: number) => number | null;
  /** After a mail was taken, in place of saying so: cuts the connection. */
  losesAnswers: boolean;
  close(): Promise<void>;
}

export async function openMailServer(credentials?: { readonly user: string; readonly password: string }): Promise<TestMailServer> {
  const taken: TakenMail[] = [];
  const attempts = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: credentials === undefined,
    allowInsecureAuth: true,
    disabledCommands: credentials === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    onAuth({ username, password }, _session, done) {
      if (username === credentials?.user && password === credentials?.password) done(null, { user: username });
      else done(Object.assign(new Error('Wrong'), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const attempt = (attempts.get(address) ?? 0) + 1;
      attempts.set(address, attempt);
      const code = state.refuse(address, attempt);
      done(code === null ? undefined : Object.assign(new Error(`<${address}> refused: canary-address`), { responseCode: code }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({
          from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString('utf8'),
        });
        if (state.losesAnswers) done(Object.assign(new Error('later'), { responseCode: 421 }));
        else done();
      });
    },
  });
  // A client that hangs up is no fault of the test.
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const login = credentials ? `${credentials.user}:${encodeURIComponent(credentials.password)}@` : '';
  const state = {
    url: new URL(`smtp://${login}127.0.0.1:${port}`),
    taken,
    refuse: (): number | null => null,
    losesAnswers: false,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  } as TestMailServer;
  return state;
}
