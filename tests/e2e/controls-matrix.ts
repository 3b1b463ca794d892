import type { Catalogue, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { actionsOn, type AllowedOnRecord, NOTHING_TO_DO, readAllowed, sampleRecords, sendByHand } from './allowed-controls.ts';
import type { SignedInPage } from './open-page.ts';
import type { RenderedRecord } from './probe-contract.ts';
import { ask, until } from './probe.ts';

/** What was laid side by side, and where the two sides differ. */
export interface ControlsReport {
  records: number;
  controls: number;
  fields: number;
  lists: number;
  /** Mutations sent past the buttons. */
  byHand: number;
  readonly differences: string[];
}

export interface MatrixOptions {
  readonly catalogue: Catalogue;
  /** Record IDs of a resource that this person may not list, to try all the same. */
  readonly elsewhere: (resource: CatalogueResource) => string | null;
  /** Most records of a resource with actions, and of one without. Default 8 and 1. */
  readonly most?: readonly [acting: number, quiet: number];
  /** Columns are drawn for rights that hold anywhere: comparable only where reach is the same for all. */
  readonly sameReach?: boolean;
}

/** Answers that tell that the person may not, or not in this state. */
const REFUSED = new Set(['FORBIDDEN', 'NOT_FOUND']);
/** Answers of an act that is open to the person; its effect may still want other input. */
const OPEN = new Set(['PREVIEWED', 'BAD_INPUT', NOTHING_TO_DO, 'APPROVAL_STALE', 'SELF_APPROVAL', 'LAST_OWNER']);
/** Answers in a state in which the act makes no sense. */
const OUT_OF_STATE = new Set(['CONFLICT', 'APPROVAL_STATE', 'APPROVAL_EXPIRED']);
/** Of records that are not the person's own to act on, the effect may say why. */
const isRefusal = (answer: string): boolean => !['EXECUTED', 'PENDING_APPROVAL', 'PREVIEWED', 'undefined'].includes(answer);

/** Resources that the console shows on pages of their own, not as lists in the menu. */
const OWN_PAGES = new Set(['approvalRequest', 'approvalReview', 'accessReview', 'accessReviewItem', 'breakGlassUse', 'outgoingMail', 'logVerification', 'logGap']);

/** Resources of which the page shows only what the record says. */
const SPARSE = new Set(['auditEvent']);

const emptyReport = (): ControlsReport => ({ records: 0, controls: 0, fields: 0, lists: 0, byHand: 0, differences: [] });

/**
 * Draws every resource for one person and compares what stands there with what the gateway answers to that person's own
 * session: menu, columns, facts, related lists, buttons and their state, and what happens to the act behind each of them.
 */
export async function compareControls(opened: SignedInPage, options: MatrixOptions): Promise<ControlsReport> {
  const { catalogue, most: [acting, quiet] = [8, 1] } = options;
  const report = emptyReport();
  const listed: string[] = [];
  await opened.load('/');
  for (const resource of catalogue.resources) {
    const ids = await sampleRecords(opened.client, resource, actionsOn(catalogue, resource).length > 0 ? acting : quiet);
    if (ids === null) {
      await compareRefused(opened, resource, options, report);
      continue;
    }
    if (!OWN_PAGES.has(resource.name)) listed.push(`/${resource.plural}`);
    for (const [index, id] of ids.entries()) await compareRecord(opened, resource, id, index === 0, options, report);
  }
  const menu = (await ask(opened.page, 'menu')).map(({ path }) => path);
  if (menu.toSorted().join() !== listed.toSorted().join()) report.differences.push(`menu: ${menu.join(' ')} but listed: ${listed.join(' ')}`);
  return report;
}

/** A resource that is none of this person's business: no page of it, and no act on any of its records. */
async function compareRefused(opened: SignedInPage, resource: CatalogueResource, { catalogue, elsewhere }: MatrixOptions, report: ControlsReport): Promise<void> {
  const id = elsewhere(resource);
  if (id === null) return;
  // Two pages that say “there is no such page” are one page to the router: something else comes between.
  await opened.go('/profile');
  await opened.go(`/${resource.plural}/${id}`);
  const shown = await ask(opened.page, 'record');
  report.records += 1;
  if (shown.actions.length > 0 || shown.facts.length > 0) report.differences.push(`${resource.name}: drawn though its list is refused`);
  for (const action of actionsOn(catalogue, resource)) {
    report.byHand += 1;
    const code = await sendByHand(opened.client, action, id, false);
    if (!REFUSED.has(code)) report.differences.push(`${action.name} by hand on a hidden ${resource.name}: ${code}`);
  }
}

async function compareRecord(opened: SignedInPage, resource: CatalogueResource, id: string, first: boolean, options: MatrixOptions, report: ControlsReport): Promise<void> {
  const [allowed] = await Promise.all([readAllowed(opened.client, resource, id), opened.go(`/${resource.plural}/${id}`)]);
  if (!allowed) {
    report.differences.push(`${resource.name} ${id}: listed but not found`);
    return;
  }
  const shown = await ask(opened.page, 'record');
  report.records += 1;
  compareActions(resource, shown, allowed, report);
  compareFacts(resource, shown, allowed, report);
  await compareByHand(opened, resource, id, shown, options, report);
  if (!first) return;
  await compareRelated(opened, resource, allowed, report);
  await compareColumns(opened, resource, allowed, options, report);
}

/** Buttons, and whether they can be pressed, against the record's own `actions`. */
export function compareActions(resource: CatalogueResource, shown: RenderedRecord, allowed: AllowedOnRecord, report: Pick<ControlsReport, 'controls' | 'differences'>): void {
  const words = (list: AllowedOnRecord['actions']): string =>
    list
      .map(({ name, enabled }) => `${name}${enabled ? '' : ' (disabled)'}`)
      .toSorted()
      .join(', ');
  report.controls += allowed.actions.length;
  if (words(shown.actions) !== words(allowed.actions))
    report.differences.push(`${resource.name}: drawn ${words(shown.actions) || 'nothing'}, allowed ${words(allowed.actions) || 'nothing'}`);
  if (shown.buttonsWithoutName > 0) report.differences.push(`${resource.name}: ${shown.buttonsWithoutName} buttons among the acts that no act declares`);
}

/** Each fact says a value, a mask with a way to reveal it, or which permission it needs. */
function compareFacts(resource: CatalogueResource, shown: RenderedRecord, allowed: AllowedOnRecord, report: ControlsReport): void {
  const expected = [
    ...resource.fields
      .filter((field) => field.name !== resource.title && field.name !== resource.state)
      .filter((field) => !(SPARSE.has(resource.name) && field.class !== 'personal' && allowed.unsaid.has(field.name)))
      .map((field) => ({ name: field.name, label: field.label.en, personal: field.class === 'personal', permission: field.permission })),
    ...resource.relations
      .filter((relation) => relation.kind !== 'many')
      .map((relation) => ({ name: relation.name, label: relation.label.en, personal: false, permission: relation.permission })),
  ];
  for (const { name, label, personal, permission } of expected) {
    report.fields += 1;
    const facts = shown.facts.filter((fact) => fact.label === label);
    const fact = facts[0];
    const refused = allowed.refused.has(name);
    if (!fact || facts.length > 1) report.differences.push(`${resource.name}.${name}: drawn ${facts.length} times`);
    else if (refused !== (fact.needs !== null)) report.differences.push(`${resource.name}.${name}: ${refused ? 'refused' : 'allowed'}, drawn as “${fact.text}”`);
    else if (refused && fact.needs !== permission) report.differences.push(`${resource.name}.${name}: names the permission ${fact.needs}`);
    else if (!refused && personal !== fact.masked) report.differences.push(`${resource.name}.${name}: ${personal ? 'personal, not masked' : 'masked'}`);
    else if (fact.text === '') report.differences.push(`${resource.name}.${name}: blank`);
  }
  if (shown.facts.length !== expected.length) report.differences.push(`${resource.name}: ${shown.facts.length} facts drawn, ${expected.length} declared`);
}

/** The act behind every button, and behind every button that isn't there. */
async function compareByHand(
  { client }: SignedInPage,
  resource: CatalogueResource,
  id: string,
  shown: RenderedRecord,
  { catalogue }: MatrixOptions,
  report: ControlsReport,
): Promise<void> {
  for (const action of actionsOn(catalogue, resource)) {
    report.byHand += 1;
    const control = shown.actions.find(({ name }) => name === action.name);
    const answer = await sendByHand(client, action, id, control?.enabled === true);
    const fits = control === undefined ? (action.ownRows ? isRefusal(answer) : REFUSED.has(answer)) : control.enabled ? OPEN.has(answer) : OUT_OF_STATE.has(answer);
    if (!fits) report.differences.push(`${action.name} on ${resource.name}, ${control === undefined ? 'hidden' : control.enabled ? 'enabled' : 'disabled'}: by hand ${answer}`);
  }
}

/** Related lists: one by one, each with its rows or the permission that it needs. */
async function compareRelated({ page }: SignedInPage, resource: CatalogueResource, allowed: AllowedOnRecord, report: ControlsReport): Promise<void> {
  for (const relation of resource.relations.filter(({ kind }) => kind === 'many')) {
    report.lists += 1;
    // By key: the row of tabs scrolls under a pointer.
    await page.getByRole('tab', { name: relation.label.en, exact: true }).press('Enter');
    await until(async () => {
      const { name, ready } = await ask(page, 'related');
      return ready && name === relation.name;
    }, `${resource.name}.${relation.name} is drawn`);
    const { needs } = await ask(page, 'related');
    if (needs !== allowed.refused.has(relation.name)) report.differences.push(`${resource.name}.${relation.name}: ${needs ? 'drawn as needing a permission' : 'drawn as open'}`);
  }
}

/** Columns of the list: what may be read and is declared for lists, nothing else. */
async function compareColumns(
  opened: SignedInPage,
  resource: CatalogueResource,
  allowed: AllowedOnRecord,
  { catalogue, sameReach = true }: MatrixOptions,
  report: ControlsReport,
): Promise<void> {
  await opened.go(`/${resource.plural}`);
  report.lists += 1;
  await compareBulk(opened, resource, allowed, report);
  if (!sameReach) return;
  // A column without a name holds the boxes by which rows are chosen.
  const columns = (await ask(opened.page, 'columns')).filter((column) => column !== '');
  const fields = resource.fields
    .filter((field) => (field.inList || field.name === resource.title || field.name === resource.state) && field.type !== 'json' && !allowed.refused.has(field.name))
    .map(({ label }) => label.en);
  const tenant = resource.relations
    .filter((relation) => relation.kind === 'one' && relation.resource === catalogue.tenantResource && !allowed.refused.has(relation.name))
    .slice(0, 1)
    .map(({ label }) => label.en);
  const expected = [...fields, ...tenant].toSorted().join(', ');
  if (columns.toSorted().join(', ') !== expected) report.differences.push(`${resource.plural}: columns ${columns.toSorted().join(', ')}, readable ${expected}`);
}

/** Buttons over chosen rows: only acts that the gateway lists for the records themselves. */
async function compareBulk({ page }: SignedInPage, resource: CatalogueResource, allowed: AllowedOnRecord, report: ControlsReport): Promise<void> {
  const boxes = page.locator('main thead input[type="checkbox"]');
  if ((await boxes.count()) === 0) return;
  await boxes.first().press('Space');
  await until(async () => (await ask(page, 'bulk')).length > 0, `acts on many ${resource.plural} are drawn`);
  for (const name of await ask(page, 'bulk')) {
    report.controls += 1;
    if (!allowed.actions.some((action) => action.name === name)) report.differences.push(`${resource.plural}: ${name} is offered for many`);
  }
  await boxes.first().press('Space');
}
