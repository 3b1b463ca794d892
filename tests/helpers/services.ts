import type { ActServices } from '@sallyport/schema/ports.ts';

/** Refuses to be asked anything: an effect that asks where a test brought no answer fails the test. */
const closed = <T extends object>(name: string): T =>
  new Proxy<T>({} as T, {
    get: (_, question) => () => {
      throw new Error(`this test brought no ${name}.${String(question)}`);
    },
  });

/** What an effect may ask of the server, for tests of effects that ask for nothing. */
export const NO_SERVICES: ActServices = { approvals: closed('approvals'), staff: closed('staff'), tokens: closed('tokens'), log: closed('log'), keeping: closed('keeping') };

/** Services that a test brings, beside the closed others. */
export const servicesWith = (brought: Partial<ActServices>): ActServices => ({ ...NO_SERVICES, ...brought });
