import { randomUUID } from 'node:crypto';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { kyselyOn } from '@sallyport/server/db/connect.ts';
import type pg from 'pg';
import type { TestClient, TestGateway } from '../helpers/gateway.ts';
import { besides } from './acting-person.ts';
import { checkFacts, checkValues, type Find } from './execution-checks.ts';
import { differences, dumpFields } from './field-dump.ts';
import type { Ledger } from './ledger.ts';
import { documentOf, inputOf, type PossibleAct } from './possible-acts.ts';
import type { CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';

export interface Filing {
  readonly test: TestGateway;
  readonly superuser: pg.Pool;
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly action: ActionDeclaration;
  readonly catalogue: CatalogueAction;
  readonly client: TestClient;
  readonly act: PossibleAct;
  readonly prove: (client: TestClient, document: string, input: Readonly<Record<string, unknown>>) => Promise<string>;
  readonly find: Find;
}

interface StoredRequest {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly shown_digest: string;
  readonly rule: { readonly alternatives: readonly { readonly approver: string; readonly quorum: number }[] };
}

/** What a filing may change: the request, the personal values behind it, and what every act may. */
const OF_A_FILING = new Set(['gateway.approval_request', 'gateway.approval_value', 'gateway.idempotency', 'gateway.step_up', 'graphile_worker._private_jobs']);
const APPROVE = 'mutation Act($input: ApproveRequestInput!) { approveRequest(input: $input) { status auditEventId approvalRequest { id } } }';

/**
 * Files an act that needs a second person, repeats the filing under its key, has it approved by as many different people as its rule
 * asks for, and compares what was then done with its event, as for an act that is done at once.
 * @returns whether the act was executed; false where too few people could approve it.
 */
export async function executeByApproval(filing: Filing): Promise<boolean> {
  const { superuser, registry, ledger, action, client, act, find, test } = filing;
  const request = await file(filing);
  if (!request) return true;
  const owner = kyselyOn(superuser);
  const approvers = await firstWithPeople(filing, request);
  if (!approvers) return false;
  const [before, mark] = [await dumpFields(owner, registry), await ledger.mark()];
  for (const [index, approver] of approvers.entries()) {
    const answer = await approver.act(APPROVE, {
      input: { id: request.id, shownDigest: request.shown_digest, justification: { reason: 'Approved by the harness', ticket: 'TEST-1' } },
    });
    if (answer.codes.length > 0) find(`approval ${index + 1} was answered ${answer.codes.join(', ')}: ${answer.errors[0]?.message}`);
  }
  const [after, happened] = [await dumpFields(owner, registry), await ledger.since(mark)];
  const done = happened.events.filter(({ kind, outcome }) => kind === action.event.kind && outcome === 'ok');
  const [event] = done;
  if (!event || done.length > 1) {
    find(`${done.length} events tell of the approved act, among ${happened.events.map(({ kind, outcome }) => `${kind} ${outcome}`).join(', ')}`);
    return true;
  }
  if (event.approval_id !== request.id) find('the event of the approved act names another request');
  const recordId = event.target_id ?? undefined;
  checkFacts(
    event,
    action,
    act,
    test,
    client,
    { auditEventId: event.id, correlationId: event.correlation_id, ...(action.creates && recordId !== undefined ? { recordId } : {}) },
    find,
  );
  // A confirmation is told in the story of the approver's own request.
  const further = happened.events.filter(({ id, kind }) => id !== event.id && !kind.startsWith('access.step-up.'));
  const found = differences(registry, before, after).filter(({ resource }) => !resource.name.startsWith('approval'));
  await checkValues(superuser, registry, event, further, action, found, find);
  for (const { kind, correlation_id: story } of further) if (story !== event.correlation_id) find(`${kind} belongs to another story than the act`);
  return true;
}

async function file({ superuser, ledger, catalogue, action, client, act, prove, find }: Filing): Promise<StoredRequest | null> {
  const [document, input] = [documentOf(catalogue), inputOf(act.row, act.values)];
  const key = randomUUID();
  const proof = act.stepUp ? { proof: await prove(client, document, input) } : {};
  const mark = await ledger.mark();
  const filed = await client.query(document, { input }, { idempotencyKey: key, ...proof });
  const happened = await ledger.since(mark);
  const payload = filed.data?.[action.name];
  if (payload?.status !== 'PENDING_APPROVAL') {
    find(`the filing answered ${filed.codes.join(', ') || payload?.status}`);
    return null;
  }
  const [event, ...more] = happened.events;
  if (!event || more.length > 0) find(`the filing left ${happened.events.length} events`);
  const changed = happened.changed.filter((table) => !OF_A_FILING.has(table));
  if (changed.length > 0) find(`the filing changed ${changed.join(', ')}`);
  const { rows } = await superuser.query<StoredRequest>('select id, tenant_id, shown_digest, rule from gateway.approval_request where id::text = $1', [event?.approval_id ?? '']);
  const repeated = await ledger.mark();
  const again = await client.query(document, { input }, { idempotencyKey: key });
  const second = await ledger.since(repeated);
  if (again.data?.[action.name]?.auditEventId !== payload.auditEventId) find(`the repeated filing answered ${again.codes.join(', ') || 'another event'}`);
  if (second.events.length > 0 || second.changed.length > 0) find(`the repeated filing left ${second.events.length} events and changed ${second.changed.join(', ') || 'nothing'}`);
  if (!rows[0]) find('the event of the filing names no request');
  return rows[0] ?? null;
}

/** Signed-in people who could approve by the first alternative that has enough of them; null where none has. */
async function firstWithPeople({ test, superuser, registry, client, act }: Filing, { rule, tenant_id: tenant }: StoredRequest): Promise<readonly TestClient[] | null> {
  // Nobody approves what they are to get themselves.
  const { rows } = await superuser.query<{ email: string }>('select email from gateway.staff where id::text = any($1::text[])', [Object.values(act.values).map(String)]);
  const concerned = new Set([client.person.email, ...rows.map(({ email }) => email)]);
  for (const { approver, quorum } of rule.alternatives) {
    const able = test.people.filter(
      ({ email, grants }) =>
        !concerned.has(email) &&
        grants.some(
          ({ role, global, tenantIds }) => (registry.roles.get(role) ?? []).some(({ name }) => name === approver) && (global || (tenant !== null && tenantIds.includes(tenant))),
        ),
    );
    if (able.length < quorum) continue;
    const clients: TestClient[] = [];
    for (const person of able.slice(0, quorum)) clients.push(await besides(test, person));
    return clients;
  }
  return null;
}
