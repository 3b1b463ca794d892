import { accessMatrix } from '@sallyport/schema/access-matrix.ts';
import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import { printSdl } from '@sallyport/schema/print-sdl.ts';
import { describe, expect, it } from 'vitest';
import { servedModules } from './open-chinook.ts';

const { catalogue, schema } = buildGatewaySchema(servedModules);
const resourceNamed = (name: string) => catalogue.resources.find((resource) => resource.name === name);

describe('the declarations of a database that nobody here wrote', () => {
  it('build, with the customer as the tenant and employees of none', () => {
    expect(catalogue.tenantResource).toBe('customer');
    expect(resourceNamed('invoiceLine')?.tenanted).toBe(true);
    expect(resourceNamed('employee')?.tenanted).toBe(false);
  });

  it('derive scopes, sensitivity and personal marks for the SDL (DESIGN 6)', () => {
    const sdl = printSdl(schema);
    expect(sdl).toMatch(/billingAddress: String @access\(permission: "chinook\.invoice\.read-address".*\) @personal/);
    expect(sdl).toMatch(/creditInvoiceLine\(input: CreditInvoiceLineInput!\): CreditInvoiceLinePayload @access.* @sensitive/);
    expect(accessMatrix(catalogue)).toContain('chinook.invoice-line.credit');
  });

  it('keep acting apart from reading: who only looks holds no permission to write (R9)', () => {
    const writing = new Set(catalogue.permissions.filter(({ effect, name }) => effect === 'write' && name.startsWith('chinook.')).map(({ name }) => name));
    const actors = catalogue.roles.filter((role) => role.permissions.some((name) => writing.has(name))).map(({ name }) => name);
    expect(actors.sort()).toEqual(['billing-operator', 'support-operator']);
  });

  it('give every act its permission, event and justification', () => {
    const acts = catalogue.actions.filter(({ module }) => module === 'chinook');
    expect(acts.map(({ name, tier, sensitive, justification }) => ({ name, tier, sensitive, justification }))).toEqual([
      { name: 'correctBillingAddress', tier: 'routine', sensitive: 'never', justification: 'reason' },
      { name: 'creditInvoiceLine', tier: 'privileged', sensitive: 'always', justification: 'reason-and-ticket' },
    ]);
  });
});
