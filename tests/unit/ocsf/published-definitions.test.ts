import type { EventRecord } from '@sallyport/server/audit/event-record.ts';
import { OCSF_VERSION } from '@sallyport/server/evidence/ocsf/classes.ts';
import { toOcsf } from '@sallyport/server/evidence/ocsf/to-ocsf.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Definitions, hasDefinitions, readDefinitions } from './definitions.ts';
import { fullRecord, kinds, outcomes, recordsOf } from './sample-records.ts';
import { faultsOf } from './validate-event.ts';

/** An event as a receiver reads it. */
const received = (record: EventRecord): Record<string, unknown> => JSON.parse(JSON.stringify(toOcsf(record))) as Record<string, unknown>;

describe.skipIf(!hasDefinitions && process.env['CI'] !== 'true')('4.12: OCSF events hold to the published definitions', () => {
  let definitions: Definitions;
  beforeAll(async () => {
    definitions = await readDefinitions();
  });

  test('the version that is stated is the released one, never a draft', () => {
    expect(OCSF_VERSION).toMatch(/^\d+\.\d+\.\d+$/);
    expect(definitions.version.replace(/-.*/, '')).toBe(OCSF_VERSION);
  });

  test.each(kinds)('%s, with every outcome and everything that is easy to get wrong', (kind) => {
    const records = [...outcomes, 'something new'].flatMap((outcome) => recordsOf(kind, outcome));
    const faulty = records.map((record) => ({ record, faults: faultsOf(definitions, received(record)) })).filter(({ faults }) => faults.length > 0);
    expect(faulty.slice(0, 3)).toEqual([]);
    expect(records.length).toBeGreaterThan(100);
  });

  test.each(['read', 'write', undefined])("a kind of another product's module (%s) holds to them too", (effect) => {
    for (const { effect: _, ...record } of recordsOf('music.track.renamed', 'ok'))
      expect(faultsOf(definitions, received({ ...record, ...(effect ? { effect } : {}) }))).toEqual([]);
  });

  const grant = 'access.grant.given';
  const session = 'access.elevation.activated';
  const signIn = 'access.session.started';
  const act = 'billing.invoice.refunded';
  const faults: readonly (readonly [what: string, kind: string, path: readonly string[], value: unknown, fault: string])[] = [
    ['a required attribute missing', grant, ['user'], undefined, 'event.user: required'],
    ['one missing that all inherit', act, ['severity_id'], undefined, 'event.severity_id: required'],
    ['one missing in an object', act, ['metadata', 'product'], undefined, 'event.metadata.product: required'],
    ['one missing two objects down', act, ['api', 'request', 'uid'], undefined, 'event.api.request.uid: required'],
    ['a value that is none', act, ['severity_id'], 42, 'event.severity_id: 42 is none of its values'],
    ['an activity of another class', signIn, ['activity_id'], 16, 'event.activity_id: 16 is none of its values'],
    ['a wrong caption', act, ['severity'], 'Critical', 'event.severity: Critical is not the caption of severity_id 1'],
    ['a wrong caption of the activity', act, ['activity_name'], 'Create', 'event.activity_name: Create is not the caption of activity_id 3'],
    ['a wrong sum', act, ['type_uid'], 300102, 'event.type_uid: 300102, not 600303'],
    ['a wrong category', act, ['category_uid'], 3, 'event.category_uid: 3 is none of its values'],
    ['an unknown attribute', act, ['ticket'], 'x', 'event.ticket: unknown to api_activity'],
    ['an unknown attribute in an object', act, ['actor', 'user', 'nick'], 'x', 'event.actor.user.nick: unknown to user'],
    ['one in an item of an array', act, ['resources', '0', 'nick'], 'x', 'event.resources[0].nick: unknown to resource_details'],
    ['an attribute of a profile that is not named', act, ['disposition_id'], 1, 'event.disposition_id: unknown to api_activity'],
    ['a deprecated attribute', act, ['actor', 'invoked_by'], 'x', 'event.actor.invoked_by: deprecated'],
    ['a text for a time', act, ['time'], '2026-11-21', 'event.time: not of type timestamp_t'],
    ['half a millisecond', act, ['time'], 0.5, 'event.time: not of type timestamp_t'],
    ['null', act, ['status_code'], null, 'event.status_code: not of type string_t'],
    ['a wrong address', act, ['src_endpoint', 'ip'], 'example', 'event.src_endpoint.ip: not in the form of ip_t'],
    ['no array', act, ['resources'], {}, 'event.resources: no array'],
    ['a text for an object', act, ['actor'], 'me', 'event.actor: no object'],
    ['none of which one is needed', session, ['iam_roles'], undefined, 'event: needs one of privileges, groups, iam_roles'],
    ['none of which an object needs one', act, ['src_endpoint'], {}, 'event.src_endpoint: needs one of'],
    ['nobody behind a user', grant, ['user'], { type_id: 1 }, 'event.user: needs one of account, name, uid'],
    ['a deprecated class', grant, ['class_uid'], 3001, 'class_uid: Account Change is deprecated'],
    ['no class', grant, ['class_uid'], 9999, 'class_uid: no class 9999'],
  ];
  test.each(faults)('the validator names %s', (_what, kind, path, value, fault) => {
    const event = received(fullRecord(kind, 'ok'));
    expect(faultsOf(definitions, event)).toEqual([]);
    expect(faultsOf(definitions, withMember(event, path, value)).join('\n')).toContain(fault);
  });
});

/** A copy in which one member, however deep, is another or, where `value` is undefined, gone. */
function withMember(whole: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  const members = Array.isArray(whole) ? [...(whole as unknown[])] : { ...(whole as object) };
  Object.assign(members, { [first]: withMember((members as Record<string, unknown>)[first], rest, value) });
  return JSON.parse(JSON.stringify(members));
}
