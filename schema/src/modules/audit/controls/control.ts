import type { Text } from '../../../vocabulary/axes.ts';

export type Framework = 'NIST SP 800-53 Rev. 5' | 'ISO/IEC 27001:2022';

/**
 * A control, and the kinds of event that help with it: what they are evidence of, never that the control is met. Whether it is
 * depends on much that no log sees.
 */
export interface Control {
  /** As the framework writes it, e.g. `AC-6(9)`, `A.5.18`. No two frameworks share one. */
  readonly id: string;
  readonly framework: Framework;
  /** In our own words; the framework's text is its publisher's. */
  readonly title: Text;
  /** How the events help, in one sentence. */
  readonly helps: Text;
  /** Kinds by name, or all whose name starts so (`access.grant.*`); `every` where it is the log as a whole that helps. */
  readonly kinds: 'every' | readonly string[];
}
