import { randomUUID } from 'node:crypto';
import type { CatalogueInput } from '@sallyport/schema/vocabulary/catalogue.ts';
import { JUSTIFICATION } from './possible-acts.ts';
import { freshInput, type Stage } from './stage.ts';
import { absentId } from './refusals-of-person.ts';

/** Values that an input must not have, each with its name. */
function* wrongValues(input: CatalogueInput): Generator<readonly [string, unknown]> {
  yield ['an object', { value: 1 }];
  if (input.type !== 'tenants' && input.type !== 'permissions') yield ['a list', ['a', 'b']];
  if (input.required) yield ['null', null];
  switch (input.type) {
    case 'integer':
      yield ['below its least', Number(input.min) - 1];
      yield ['above its most', Number(input.max) + 1];
      yield ['a fraction', 1.5];
      yield ['a text', 'ten'];
      break;
    case 'money':
      yield ['below its least', decimalBeside(input.min, -1n)];
      yield ['above its most', decimalBeside(input.max, 1n)];
      yield ['words', 'a million'];
      yield ['no finite number', 'Infinity'];
      yield ['an exponent', '1e3'];
      break;
    case 'boolean':
      yield ['a word', 'yes'];
      break;
    case 'enum':
      yield ['a value not offered', 'NO_SUCH_VALUE'];
      break;
    case 'url':
      yield ['a script', 'javascript:alert(1)'];
      yield ['no address', 'not an address'];
      yield ['with credentials', 'https://user:secret@idp.example'];
      yield* wrongTexts(input);
      break;
    case 'email':
      yield ['no address', 'not an address'];
      yield* wrongTexts(input);
      break;
    case 'text':
      yield* wrongTexts(input);
      break;
    case 'reference':
      yield ['empty', ''];
      yield ['beyond bounds', 'x'.repeat(201)];
      break;
    case 'tenants':
    case 'permissions':
      yield ['of names that nothing has', ['no-such-thing']];
      yield ['too many', Array.from({ length: Number(input.max) + 1 }, (_, index) => `one-${index}`)];
      yield ['of an empty name', ['']];
      if (input.required) yield ['an empty list', []];
  }
}

function* wrongTexts(input: CatalogueInput): Generator<readonly [string, unknown]> {
  if (input.maxLength !== null) yield ['too long', 'x'.repeat(input.maxLength + 1)];
  if (input.minLength) yield ['too short', 'x'.repeat(input.minLength - 1)];
  yield ['a control character', 'before\u0000after'];
}

function decimalBeside(bound: string | null, by: bigint): string {
  const negative = (bound ?? '0').startsWith('-');
  const [whole = '0', fraction = ''] = (bound ?? '0').replace('-', '').split('.');
  const hundredths = (BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'))) * (negative ? -1n : 1n) + by;
  const size = hundredths < 0n ? -hundredths : hundredths;
  return `${hundredths < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}

/** Refused for what is asked: every input out of bounds, unknown keys, no target, no justification, two acts at once. */
export async function refuseByInput(stage: Stage): Promise<void> {
  const { action, catalogue, document, client, refused, send } = stage;
  const input = freshInput(stage);
  for (const field of catalogue.input) {
    for (const [what, value] of wrongValues(field)) await refused('BAD_INPUT', `${field.name} is ${what}`, () => send({ ...input, [field.name]: value }));
    if (field.required) await refused('BAD_INPUT', `${field.name} is left out`, () => send(Object.fromEntries(Object.entries(input).filter(([name]) => name !== field.name))));
  }
  await refused('BAD_INPUT', 'an unknown key', () => send({ ...input, isAdministrator: true }));
  if (action.creates) await refused('BAD_INPUT', 'an ID where none is taken', () => send({ ...input, id: randomUUID() }));
  else {
    await refused('BAD_INPUT', 'no ID', () => send({ ...input, id: undefined }));
    await refused('BAD_INPUT', 'an empty ID', () => send({ ...input, id: '' }));
    await refused('BAD_INPUT', 'an ID beyond bounds', () => send({ ...input, id: 'x'.repeat(201) }));
    await refused('NOT_FOUND', 'an absent record', () => send({ ...input, id: absentId(stage) }));
    await refused('NOT_FOUND', 'an ID of another form', () => send({ ...input, id: `nothing'; --${randomUUID()}` }));
  }
  await refused('BAD_INPUT', 'a reason beyond bounds', () => send({ ...input, justification: { ...JUSTIFICATION, reason: 'x'.repeat(2001) } }));
  await refused('BAD_INPUT', 'a ticket beyond bounds', () => send({ ...input, justification: { ...JUSTIFICATION, ticket: 'x'.repeat(101) } }));
  await refused('BAD_INPUT', 'a control character in the reason', () => send({ ...input, justification: { ...JUSTIFICATION, reason: 'a\u0007b' } }));
  await refused('BAD_INPUT', 'an unknown key in the justification', () => send({ ...input, justification: { ...JUSTIFICATION, approvedBy: 'me' } }));
  await refused('BAD_INPUT', 'an idempotency key beyond bounds', () => send(input, { idempotencyKey: 'k'.repeat(201) }));

  if (catalogue.justification !== 'none') {
    await refused('JUSTIFICATION_REQUIRED', 'none', () => send({ ...input, justification: undefined }));
    await refused('JUSTIFICATION_REQUIRED', 'a blank reason', () => send({ ...input, justification: { reason: ' \n ', ticket: 'TEST-1' } }));
  }
  if (catalogue.justification === 'reason-and-ticket') {
    await refused('JUSTIFICATION_REQUIRED', 'no ticket', () => send({ ...input, justification: { reason: 'A reason' } }));
    await refused('JUSTIFICATION_REQUIRED', 'a blank ticket', () => send({ ...input, justification: { reason: 'A reason', ticket: '  ' } }));
  }
  if (catalogue.tier === 'privileged' || catalogue.sensitive !== 'never') {
    const call = document.slice(document.indexOf('{') + 1, document.lastIndexOf('}'));
    const twice = document.replace(call, ` one: ${call.trim()} two: ${call.trim()} `);
    await refused('QUERY_REJECTED', 'two in one document', () => client.query(twice, { input }));
    const spread = `${document.replace(call, ' ...Both ')} fragment Both on Mutation { one: ${call.trim()} ... { two: ${call.trim()} } }`;
    await refused('QUERY_REJECTED', 'two by way of fragments', () => client.query(spread, { input }));
  }
  if (action.on.version && !action.creates) await refused('CONFLICT', 'a version that has moved on', () => send({ ...input, expectedVersion: '-1' }));
}
