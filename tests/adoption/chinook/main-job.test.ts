import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestClient, TestGateway } from '../../helpers/gateway.ts';
import { describeWithChinook, startChinookGateway } from './open-chinook.ts';

const FIND = `query ($number: String!) { invoices(filter: { search: $number }) { totalCount nodes {
  id number invoiceDate total billingCountry customer { number company supportRep { name } }
  lines { id track state amount actions { name enabled stepUp } } actions { name enabled } } } }`;
const CREDIT = `mutation ($input: CreditInvoiceLineInput!) { creditInvoiceLine(input: $input) {
  status correlationId auditEventId changes { resource id field before after masked } invoiceLine { id state version } } }`;
const why = { reason: 'Charged for a track that would not play', ticket: 'SUP-98' };

await describeWithChinook('the main job on a database that nobody here wrote', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startChinookGateway();
  });
  afterAll(() => gateway?.close());

  const books = async (invoiceId: string) => {
    const { rows } = await sql<{ total: string; lines: number; sum: string }>`
      select "Total"::text as total, (select count(*)::int from chinook."InvoiceLine" l where l."InvoiceId" = i."InvoiceId") as lines,
        (select sum("UnitPrice" * "Quantity")::text from chinook."InvoiceLine" l where l."InvoiceId" = i."InvoiceId") as sum
      from chinook."Invoice" i where "InvoiceId" = ${Number(invoiceId)}`.execute(gateway.database.owner);
    return rows[0];
  };
  const firstLine = async (client: TestClient, number: string): Promise<string> => (await client.query(FIND, { number })).data?.['invoices'].nodes[0].lines[0].id;

  it('finds an invoice by its number, previews, confirms with a fresh code and credits a line; the auditor reads it all under one ID (C01, C02, H01)', async () => {
    const dewi = await gateway.asRole('billing-operator');
    const found = await dewi.query(FIND, { number: '98' });
    expect(found.errors).toEqual([]);
    const { totalCount, nodes } = found.data?.['invoices'] ?? {};
    expect(totalCount).toBe(1);
    expect(nodes[0]).toMatchObject({ id: '98', number: '98', invoiceDate: '2010-03-11', total: '3.98', customer: { number: '1', supportRep: { name: 'Jane Peacock' } } });
    const [line] = nodes[0].lines;
    expect(line).toMatchObject({ state: 'SOLD', amount: '1.99', actions: [{ name: 'creditInvoiceLine', enabled: true, stepUp: 'ALWAYS' }] });
    const correlationId = randomUUID();

    const rina = await gateway.asRole('support-viewer');
    const hers = await rina.query(FIND.replace('billingCountry', 'billingCountry billingAddress'), { number: '98' });
    expect(hers.errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['invoices', 'nodes', 0, 'billingAddress'], 'FORBIDDEN']]);
    expect(hers.data?.['invoices'].nodes[0]).toMatchObject({ total: '3.98', billingAddress: null, actions: [], lines: [{ actions: [] }, { actions: [] }] });
    const input = { id: line.id, quantity: 1, justification: why };
    expect((await rina.query(CREDIT, { input }, { correlationId })).codes).toEqual(['FORBIDDEN']);

    const preview = await dewi.query(CREDIT, { input: { ...input, preview: true } }, { correlationId });
    expect(preview.errors).toEqual([]);
    expect(preview.data?.['creditInvoiceLine'].status).toBe('PREVIEWED');
    expect(preview.data?.['creditInvoiceLine'].changes).toEqual(
      expect.arrayContaining([
        { resource: 'invoiceLine', id: line.id, field: 'state', before: 'SOLD', after: 'CREDITED', masked: false },
        { resource: 'invoice', id: '98', field: 'total', before: '3.98', after: '1.99', masked: false },
        expect.objectContaining({ resource: 'invoiceLine', field: 'amount', before: null, after: '-1.99' }),
      ]),
    );
    expect(await books('98')).toEqual({ total: '3.98', lines: 2, sum: '3.98' });

    const asked = await dewi.query(CREDIT, { input }, { correlationId });
    expect(asked.codes).toEqual(['STEP_UP_REQUIRED']);
    const proof = await dewi.stepUp(asked.errors[0]?.extensions.challenge ?? '', correlationId);
    const done = await dewi.query(CREDIT, { input }, { correlationId, proof });
    expect(done.errors).toEqual([]);
    expect(done.data).toMatchObject({ creditInvoiceLine: { status: 'EXECUTED', correlationId, invoiceLine: { state: 'CREDITED' } } });
    expect(await books('98')).toEqual({ total: '1.99', lines: 3, sum: '1.99' });

    const hendra = await gateway.asRole('compliance-auditor');
    const trail = await hendra.query(
      'query ($id: ID!) { auditTrail(correlationId: $id) { steps { kind outcome reasonCode actorName tenantId targetType targetId reason ticket permission } } }',
      { id: correlationId },
    );
    expect(trail.errors).toEqual([]);
    const story = trail.data?.['auditTrail'].steps as Record<string, string | null>[];
    expect(story.map(({ kind, outcome, reasonCode }) => [kind, outcome, reasonCode])).toEqual([
      ['chinook.invoice-line.credited', 'denied', 'FORBIDDEN'],
      ['chinook.invoice-line.credited', 'previewed', null],
      ['chinook.invoice-line.credited', 'denied', 'STEP_UP_REQUIRED'],
      ['access.step-up.verified', 'ok', null],
      ['chinook.invoice-line.credited', 'ok', null],
    ]);
    expect(story.at(-1)).toMatchObject({ tenantId: '1', targetType: 'invoiceLine', targetId: line.id, reason: why.reason, ticket: why.ticket });
  });

  it('keeps named tenants apart: an invoice of another customer is as absent as one that does not exist (C03)', async () => {
    const ratna = await gateway.asRole('billing-operator', 'tenant');
    const own = Number(ratna.person.tenants[0]);
    const { rows } = await sql<{ id: number }>`select min("InvoiceId") as id from chinook."Invoice" where "CustomerId" <> all(${ratna.person.tenants.map(Number)}::int[])`.execute(
      gateway.database.owner,
    );
    const ask = (id: string) => ratna.query('query ($id: ID!) { invoice(id: $id) { id } }', { id });
    const [hidden, absent, malformed] = [await ask(String(rows[0]?.id)), await ask('999999'), await ask('98; drop')];
    for (const answer of [hidden, absent, malformed]) expect(answer.codes).toEqual(['NOT_FOUND']);
    expect(hidden.errors[0]?.message).toBe(absent.errors[0]?.message);
    const mine = await ratna.query('query ($id: ID) { invoices(filter: { tenantId: { eq: $id } }) { totalCount nodes { tenantId } } employees { totalCount } }', {
      id: String(own),
    });
    expect(mine.data?.['invoices'].totalCount).toBeGreaterThan(0);
    expect(mine.data?.['employees']).toBeNull();
    expect(mine.codes).toEqual(['FORBIDDEN']);
  });

  it('asks for a proof before it looks for people among all customers, and for none among one (G7)', async () => {
    const dewi = await gateway.asRole('billing-operator');
    const search = 'query ($filter: CustomerFilter) { customers(filter: $filter) { totalCount nodes { number name } } }';
    expect((await dewi.query(search, { filter: { search: 'Köhler' } })).codes).toEqual(['STEP_UP_REQUIRED']);
    expect((await dewi.act(search, { filter: { search: 'Köhler' } })).data?.['customers']).toEqual({ totalCount: 1, nodes: [{ number: '2', name: 'Leonie Köhler' }] });
    expect((await dewi.query(search, { filter: { search: 'Köhler', tenantId: { eq: '2' } } })).data?.['customers'].totalCount).toBe(1);
    const rina = await gateway.asRole('support-viewer');
    expect((await rina.query(search.replace(' name', ''), { filter: { search: 'Köhler' } })).data?.['customers'].totalCount).toBe(0);
  });

  it('filters and orders by days, whatever time the column could hold', async () => {
    const rina = await gateway.asRole('support-viewer');
    const answer = await rina.query('{ invoices(filter: { invoiceDate: { eq: "2009-01-01" } }, orderBy: [{ field: INVOICE_DATE }]) { totalCount nodes { invoiceDate } } }');
    expect(answer.errors).toEqual([]);
    expect(answer.data?.['invoices']).toEqual({ totalCount: 1, nodes: [{ invoiceDate: '2009-01-01' }] });
  });

  it('corrects a billing address without a proof; the log holds no address (H09)', async () => {
    const budi = await gateway.asRole('support-operator');
    const correct = `mutation ($input: CorrectBillingAddressInput!) { correctBillingAddress(input: $input) {
      status auditEventId changes { field before after masked } invoice { version billingAddress billingCity billingPostalCode billingState } } }`;
    const before = (await budi.query('{ invoice(id: 6) { version } }')).data?.['invoice'].version;
    const input = {
      id: '6',
      address: 'Nowhere Lane 7',
      city: 'Frankfurt',
      country: 'Germany',
      postalCode: '',
      justification: { reason: 'The customer moved' },
      expectedVersion: before,
    };
    const done = await budi.query(correct, { input });
    expect(done.errors).toEqual([]);
    expect(done.data?.['correctBillingAddress']).toMatchObject({ status: 'EXECUTED', invoice: { billingAddress: 'Nowhere Lane 7', billingPostalCode: null } });
    expect(done.data?.['correctBillingAddress'].changes).toContainEqual({ field: 'billingAddress', before: null, after: null, masked: true });
    expect((await budi.query(correct, { input: { ...input, address: 'Elsewhere 8' } })).codes).toEqual(['CONFLICT']);
    expect((await budi.query(correct, { input: { ...input, address: 'x'.repeat(71) } })).codes).toEqual(['BAD_INPUT']);
    const events = await gateway.events({ kind: 'chinook.invoice.address-corrected' });
    expect(JSON.stringify(events)).not.toContain('Nowhere');
  });

  it('credits a line once, however many ask at once, and numbers lines without gaps or clashes beside the shop itself (K04)', async () => {
    const dewi = await gateway.asRole('billing-operator');
    const numbers = ['5', '10', '11'];
    const lines = await Promise.all(numbers.map((number) => firstLine(dewi, number)));
    const before = await sql<{ last: number }>`select max("InvoiceLineId") as last from chinook."InvoiceLine"`.execute(gateway.database.owner);
    const last = before.rows[0]?.last ?? 0;
    const proofs: { input: object; proof: string }[] = [];
    for (const id of [...lines, lines[0]]) {
      const input = { id, quantity: 1, justification: { ...why, ticket: `SUP-${proofs.length}` } };
      const asked = await dewi.query(CREDIT, { input });
      proofs.push({ input, proof: await dewi.stepUp(asked.errors[0]?.extensions.challenge ?? '') });
    }
    const shop = sql`insert into chinook."InvoiceLine" select max("InvoiceLineId") + 1000, 1, 1, 0.99, 1 from chinook."InvoiceLine"`;
    const [answers] = await Promise.all([Promise.all(proofs.map(({ input, proof }) => dewi.query(CREDIT, { input }, { proof }))), shop.execute(gateway.database.owner)]);
    const codes = answers.map((answer) => answer.codes[0] ?? answer.data?.['creditInvoiceLine'].status).sort();
    expect(codes).toEqual(['CONFLICT', 'EXECUTED', 'EXECUTED', 'EXECUTED']);
    const made = await sql<{ made: number }>`select count(*)::int as made from chinook."InvoiceLine" where "InvoiceLineId" > ${last} and "Quantity" < 0`.execute(
      gateway.database.owner,
    );
    expect(made.rows[0]?.made).toBe(3);
    for (const number of numbers) {
      const state = await books(number);
      expect(state?.total).toBe(state?.sum);
    }
  });

  it('reads what other rows tell of a line only once it is locked: of two that saw the same, one acts (K05)', async () => {
    const dewi = await gateway.asRole('billing-operator');
    const id = await firstLine(dewi, '13');
    await sql`update chinook."InvoiceLine" set "Quantity" = 5 where "InvoiceLineId" = ${Number(id)}`.execute(gateway.database.owner);
    await sql`update chinook."Invoice" set "Total" = "Total" + 4 * 0.99 where "InvoiceId" = 13`.execute(gateway.database.owner);
    const seen = (await dewi.query('query ($id: ID!) { invoiceLine(id: $id) { version } }', { id })).data?.['invoiceLine'].version;
    const both = await Promise.all(
      [1, 2].map(async (quantity) => {
        const input = { id, quantity, expectedVersion: seen, justification: why };
        const asked = await dewi.query(CREDIT, { input });
        return { input, challenge: asked.errors[0]?.extensions.challenge ?? '' };
      }),
    );
    const proven: { input: object; proof: string }[] = [];
    for (const { input, challenge } of both) proven.push({ input, proof: await dewi.stepUp(challenge) });
    const holder = await gateway.database.owner.startTransaction().execute();
    await sql`select 1 from chinook."InvoiceLine" where "InvoiceLineId" = ${Number(id)} for update`.execute(holder);
    const asking = proven.map(({ input, proof }) => dewi.query(CREDIT, { input }, { proof }));
    const waiting = sql<{ waiting: number }>`select count(*)::int as waiting from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
    while (((await waiting.execute(gateway.database.owner)).rows[0]?.waiting ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await holder.commit().execute();
    const answers = await Promise.all(asking);
    expect(answers.map((answer) => answer.codes[0] ?? answer.data?.['creditInvoiceLine'].status).sort()).toEqual(['CONFLICT', 'EXECUTED']);
  });

  it('refuses more than was sold, a credit of a credit and a line that has moved on, and changes nothing', async () => {
    const dewi = await gateway.asRole('billing-operator');
    const id = await firstLine(dewi, '12');
    const before = await books('12');
    expect((await dewi.act(CREDIT, { input: { id, quantity: 2, justification: why } })).errors[0]?.extensions).toMatchObject({
      code: 'BAD_INPUT',
      issues: [{ path: 'input.quantity' }],
    });
    expect((await dewi.query(CREDIT, { input: { id, quantity: 1, justification: { reason: why.reason } } })).codes).toEqual(['JUSTIFICATION_REQUIRED']);
    expect((await dewi.query(CREDIT, { input: { id, quantity: 1, expectedVersion: '1.1', justification: why } })).codes).toEqual(['CONFLICT']);
    expect(await books('12')).toEqual(before);
    const credits = await dewi.query('{ invoiceLines(filter: { state: { eq: CREDIT } }, first: 1) { nodes { id actions { enabled because { en } } } } }');
    const credit = credits.data?.['invoiceLines'].nodes[0];
    expect(credit.actions).toEqual([{ enabled: false, because: { en: 'This line is credited already, or is itself a credit.' } }]);
    expect((await dewi.query(CREDIT, { input: { id: credit.id, quantity: 1, justification: why } })).codes).toEqual(['CONFLICT']);
  });

  it('serves with a role that can change nothing of it but what the two actions change', async () => {
    const { app } = gateway.database;
    for (const attempt of [
      sql`delete from chinook."InvoiceLine" where false`,
      sql`delete from chinook."Invoice" where false`,
      sql`update chinook."Customer" set "Email" = "Email" where false`,
      sql`update chinook."Invoice" set "CustomerId" = 1 where false`,
      sql`truncate chinook."Playlist"`,
    ])
      await expect(attempt.execute(app)).rejects.toThrow(/permission denied/);
  });
});
