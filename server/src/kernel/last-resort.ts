import { describeError, type Log } from './log.ts';

/**
 * What is done when an error reaches nobody. A forgotten promise is logged and the process goes on: its
 * request has had its answer or its connection. After an uncaught exception state may be torn, so the
 * process closes in good order and ends with 1, to be started anew (THREATS K14). Nothing is let through
 * in either case: whoever waits gets no answer.
 */
export function installLastResort(log: Log, close: () => Promise<void>): void {
  process.on('unhandledRejection', (reason) => {
    log.error({ failure: describeError(reason) }, 'a rejected promise was not handled');
  });
  process.on('uncaughtException', (error) => {
    log.fatal({ failure: describeError(error) }, 'an exception was not handled; closing');
    process.exitCode = 1;
    void close().finally(() => process.exit(1));
  });
}
