import { createServer } from 'node:http';
import { createHandWritten, type CreditInput, type Row } from './hand-written.ts';
import { serveBench } from './serve-bench.ts';

// (b) node:http + pg: what the database and the socket allow. One handler for each operation, no GraphQL, no checks.
await serveBench(async ({ appUrl }) => {
  const written = createHandWritten(appUrl);

  const answer = async (name: string, variables: Readonly<Record<string, string>>): Promise<Row> => {
    switch (name) {
      case 'Invoice':
        return { invoice: await written.invoice(variables['id'] ?? '', false) };
      case 'InvoiceContact':
        return { invoice: await written.invoice(variables['id'] ?? '', true) };
      case 'Tenants':
        return { tenants: { nodes: await tenants(variables['after'] ?? '') } };
      case 'People':
        return { people: await written.people((variables['state'] ?? '').toLowerCase(), variables['before'] ?? '') };
      case 'AdjustCredit':
        return { adjustCredit: await written.adjustCredit((variables as unknown as { readonly input: CreditInput }).input) };
      case 'Trail':
        return { auditTrail: await written.trail(variables['correlationId'] ?? '') };
      case 'Events':
        return { auditEvents: { nodes: await written.events(variables['tenant'] ?? '', variables['action'] ?? '', variables['since'] ?? '') } };
      default:
        throw new Error(`No handler for ${name}`);
    }
  };

  const tenants = async (before: string): Promise<readonly Row[]> => {
    const page = await written.tenants(before);
    const ids = page.map((tenant) => tenant['id'] as string);
    const [owners, counts, invoices] = await Promise.all([written.ownersOf(ids), written.memberCountsOf(ids), written.invoicesOf(ids, 3)]);
    return page.map((tenant) => {
      const id = tenant['id'] as string;
      const owner = owners.get(id);
      return {
        ...tenant,
        memberCount: counts.get(id) ?? 0,
        owner: owner ? { id: owner['id'], reference: owner['reference'], state: owner['state'] } : null,
        invoices: (invoices.get(id) ?? []).map(({ tenantId: _tenantId, ...invoice }) => invoice),
      };
    });
  };

  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { readonly operationName: string; readonly variables: Readonly<Record<string, string>> };
      const kind = request.headers['x-record'];
      answer(body.operationName, body.variables)
        .then(async (data) => {
          if (typeof kind === 'string') await written.recordReading(kind, crypto.randomUUID());
          const text = JSON.stringify({ data });
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
        })
        .catch((error: unknown) => {
          const text = JSON.stringify({ errors: [{ message: String(error) }] });
          response.writeHead(500, { 'content-type': 'application/json' }).end(text);
        });
    });
  });
});
