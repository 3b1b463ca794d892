import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answered, startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.close());

const INVOICES = '{ invoices(first: 5, filter: { status: { eq: OPEN } }) { nodes { id number total amountPaid tenant { id name } } totalCount } }';

interface CatalogueShape {
  readonly resources: readonly {
    readonly name: string;
    readonly plural: string;
    readonly versioned: boolean;
    readonly fields: readonly { readonly name: string }[];
    readonly relations: readonly { readonly name: string; readonly kind: string; readonly resource: string }[];
  }[];
}

/** Every field and relation of each resource, as a document of its own. */
function wholeDocuments({ resources }: CatalogueShape): string[] {
  const fieldsOf = (name: string) =>
    `id ${
      resources
        .find((resource) => resource.name === name)
        ?.fields.map((field) => field.name)
        .join(' ') ?? ''
    }`;
  return resources
    .filter(({ name }) => name !== 'auditEvent')
    .map(({ name, plural, versioned, relations }) => {
      const related = relations.map((relation) => (relation.kind === 'count' ? relation.name : `${relation.name} { ${fieldsOf(relation.resource)} }`));
      return `query All_${plural} { ${plural}(first: 4) { nodes { ${fieldsOf(name)} ${versioned ? 'version' : ''} actions { name enabled because { en } stepUp } ${related.join(' ')} } edges { cursor node { id } } pageInfo { hasNextPage endCursor } totalCount } }`;
    });
}

describe('the whole gateway', () => {
  it('signs in with password and TOTP, says who asks and serves lists', async () => {
    const dewi = await test.asRole('billing-operator');
    const who = await dewi.query('{ viewer { email environment grants { role global } session { secondFactor } } }');
    expect(who.errors).toEqual([]);
    expect(who.data).toMatchObject({
      viewer: { email: dewi.person.email, environment: 'test', grants: [{ role: 'billing-operator', global: true }], session: { secondFactor: 'totp' } },
    });
    for (let turn = 0; turn < 3; turn += 1) {
      const list = await dewi.query(INVOICES);
      expect(list.errors).toEqual([]);
      expect(list.data?.['invoices'].nodes.length).toBeGreaterThan(0);
    }
  });

  it('tells the story of a refund by one correlation ID: refusal, step-up, act', async () => {
    const dewi = await test.asRole('billing-operator');
    const list = await dewi.query('{ invoices(first: 100, filter: { status: { eq: PAID } }) { nodes { id amountPaid } } }');
    const invoice = list.data?.['invoices'].nodes.find((node: { amountPaid: string }) => Number(node.amountPaid) > 1_500_000);
    const correlationId = randomUUID();
    const refund =
      'mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status correlationId auditEventId changes { field before after } invoice { id status amountRefunded } } }';
    const input = { id: invoice.id, amount: '1200000.00', justification: { reason: 'Charged twice', ticket: 'SUP-1' } };
    const rina = await test.asRole('support-viewer');
    expect((await rina.query(refund, { input }, { correlationId })).codes).toEqual(['FORBIDDEN']);
    const done = await dewi.act(refund, { input }, { correlationId });
    expect(done.errors).toEqual([]);
    expect(done.data).toMatchObject({ refundInvoice: { status: 'EXECUTED', correlationId, invoice: { amountRefunded: '1200000.00' } } });
    const kinds = (await test.events({ correlationId })).map((event) => `${event['kind']} ${event['outcome']} ${event['reason_code'] ?? ''}`.trim());
    expect(kinds).toEqual([
      'billing.invoice.refunded denied FORBIDDEN',
      'billing.invoice.refunded denied STEP_UP_REQUIRED',
      'access.step-up.verified ok',
      'billing.invoice.refunded ok',
    ]);
  });

  it('gives everybody the same answer compiled and uncompiled, field by field and at once (X7)', async () => {
    const clients = [await test.asRole('billing-operator'), await test.asRole('support-viewer', 'tenant'), await test.asRole('security-operator')];
    const catalogue = (await (await clients[0]?.get('/catalogue.json'))?.json()) as CatalogueShape;
    const documents = wholeDocuments(catalogue);
    expect(documents.length).toBeGreaterThan(5);
    const normal = ({ data, errors }: Answered) => ({
      data,
      errors: errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code} ${extensions.permission ?? ''}`).sort(),
    });
    // The first round runs graphql-js, later ones compiled code; a comment makes each person's first round uncompiled too.
    for (const [index, client] of clients.entries()) {
      for (const document of documents) {
        const own = `# ${index}\n${document}`;
        const uncompiled = normal(await client.query(own));
        const compiled = normal(await client.query(own));
        expect(
          uncompiled.errors.filter((error) => !error.includes(' FORBIDDEN ')),
          document,
        ).toEqual([]);
        expect(compiled).toEqual(uncompiled);
      }
    }
  });
});
