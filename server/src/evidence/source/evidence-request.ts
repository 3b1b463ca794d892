import { GatewayError } from '@sallyport/schema/errors.ts';
import { EXPORT_EVENT, MAKE_EVIDENCE, READ_CHANGES, READ_EVENT, READ_NETWORK } from '@sallyport/schema/modules/audit/permissions.ts';
import { type ReportSelection, requireSelection } from '@sallyport/schema/modules/audit/report/selection.ts';
import { intersect, isNowhere, reachOf, type TenantReach, type Viewer } from '@sallyport/schema/viewer.ts';
import type { Language } from '@sallyport/schema/vocabulary/axes.ts';
import { z } from 'zod';

/** The canonical bytes hold changes and network facts, and leave the house: each of these rights is needed where an event is disclosed. */
const NEEDED = [MAKE_EVIDENCE, READ_EVENT, READ_CHANGES, READ_NETWORK, EXPORT_EVENT] as const;

/** Where this viewer may disclose events whole. @throws {GatewayError} FORBIDDEN where nowhere. */
export function evidenceReach(viewer: Viewer): TenantReach {
  let reach: TenantReach = 'global';
  for (const permission of NEEDED) {
    reach = intersect(reach, reachOf(viewer, permission));
    if (isNowhere(reach)) throw new GatewayError('FORBIDDEN', undefined, { permission: permission.name });
  }
  return reach;
}

const id = z.string().min(1).max(200);
const instant = z.iso.datetime();

const parameters = z.strictObject({
  correlationId: id.optional(),
  tenantId: id.optional(),
  actorId: id.optional(),
  control: id.optional(),
  from: instant.optional(),
  to: instant.optional(),
  /** Of the summary. */
  language: z.enum(['en', 'id']).optional(),
});

export interface EvidenceRequest {
  readonly selection: ReportSelection;
  readonly language: Language;
}

/**
 * Reads `?correlationId=…&tenantId=…&actorId=…&control=…&from=…&to=…&language=en|id`. Times are ISO 8601 in UTC; without `language` the
 * summary speaks what `Accept-Language` prefers.
 * @throws {GatewayError} BAD_INPUT naming each parameter that is unknown, repeated or malformed; values are not repeated.
 */
export function parseEvidenceRequest(search: URLSearchParams, acceptLanguage: string | null): EvidenceRequest {
  const names = [...search.keys()];
  const parsed = parameters.safeParse(Object.fromEntries(search));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index && Object.hasOwn(parameters.shape, name));
  if (!parsed.success || repeated.length > 0) {
    const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => String(issue.path[0] ?? ''));
    throw new GatewayError('BAD_INPUT', undefined, {
      issues: [
        ...wrong.map((path) => ({ path, message: path === '' ? 'is not a parameter of evidence' : 'is malformed' })),
        ...repeated.map((path) => ({ path, message: 'is given more than once' })),
      ],
    });
  }
  const { language, ...selection } = parsed.data;
  requireSelection(selection);
  return { selection, language: language ?? preferred(acceptLanguage) };
}

/** Of the two languages of the house the one named first; English where neither is. */
function preferred(acceptLanguage: string | null): Language {
  const named = /(?:^|[,\s])(en|id)(?=$|[-,;\s])/i.exec(acceptLanguage ?? '')?.[1]?.toLowerCase();
  return named === 'id' ? 'id' : 'en';
}
