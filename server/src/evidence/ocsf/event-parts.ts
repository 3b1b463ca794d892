import { isIP } from 'node:net';
import type { EventRecord } from '../../audit/event-record.ts';
import type { ClassName } from './classes.ts';
import type { KindRule } from './kind-rules.ts';
import { FACTORS, isFactorName, type OcsfAttributes, type OcsfEntity, type OcsfSession, type OcsfUser } from './ocsf-objects.ts';

/** Attributes that some members of the record make; what is taken whole is not repeated under `unmapped`. */
export interface Part {
  readonly attributes: OcsfAttributes;
  readonly takes: readonly (keyof EventRecord)[];
}

export const PRODUCT = { name: 'Sallyport', uid: 'sallyport' } as const;

/** Longest that OCSF's type for addresses allows. */
const LONGEST_IP = 40;
/** Types of target that are people: our own staff, and the customers'. */
const PEOPLE: ReadonlySet<string> = new Set(['staffMember', 'person']);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOBODY_KNOWN: OcsfUser = { name: 'Unknown', type: 'Unknown', type_id: 0 };

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** People have UUIDs; what acts under a plain name (`worker`, `gateway`, `command-line`) is a process of ours. */
const isProcess = ({ actorId }: EventRecord): boolean => actorId !== undefined && !UUID.test(actorId);

function userWhoActed(record: EventRecord): OcsfUser {
  const { actorId, actorName } = record;
  if (actorId === undefined && actorName === undefined) return NOBODY_KNOWN;
  return {
    ...(actorId === undefined ? {} : { uid: actorId }),
    ...(actorName === undefined ? {} : { name: actorName }),
    ...(isProcess(record) ? { type: 'System', type_id: 3 } : { type: 'User', type_id: 1 }),
  };
}

/** The session of a person who acted; one that a process names is somebody else's. */
function sessionOf(record: EventRecord): OcsfSession | undefined {
  const { sessionId, secondFactor, tokenId } = record;
  if (sessionId === undefined || isProcess(record)) return undefined;
  return { uid: sessionId, ...(secondFactor === undefined ? {} : { is_mfa: true }), ...(tokenId === undefined ? {} : { credential_uid: tokenId }) };
}

function actorPart(record: EventRecord): Part {
  const session = sessionOf(record);
  return {
    attributes: { actor: { user: userWhoActed(record), ...(session ? { session } : {}) } },
    takes: ['actorId', 'actorName', ...(session ? (['sessionId', 'tokenId'] as const) : [])],
  };
}

/** Where it came from: an address, or which of our own surfaces where there is none. */
function sourcePart({ ip, surface, userAgent }: EventRecord): Part {
  const isAddress = ip !== undefined && isIP(ip) !== 0 && ip.length <= LONGEST_IP;
  return {
    attributes: {
      src_endpoint: isAddress ? { ip } : { name: ip ?? surface },
      ...(userAgent === undefined ? {} : { http_request: { user_agent: userAgent } }),
    },
    takes: ['ip', 'userAgent'],
  };
}

/** The person that the event names as the one it was done to; unknown where it names only a record of theirs. */
function userNamed(record: EventRecord): OcsfUser {
  const isPerson = record.targetType !== undefined && PEOPLE.has(record.targetType);
  const uid = isPerson ? record.targetId : textOf(record.detail?.['staffId']);
  if (uid === undefined) return NOBODY_KNOWN;
  return { uid, ...(uid === record.actorId && record.actorName !== undefined ? { name: record.actorName } : {}), type: 'User', type_id: 1 };
}

/** Who signs in or out, or whose account it is. A session that is not the actor's own may be somebody else's: theirs whom the detail names. */
function userOf(record: EventRecord, rule: KindRule): OcsfUser {
  if (rule.user === 'named') return userNamed(record);
  if (isProcess(record)) return userNamed(record);
  const isOtherSession = record.targetType === 'session' && record.targetId !== record.sessionId;
  if (isOtherSession) return userNamed(record);
  const acted = userWhoActed(record);
  return acted === NOBODY_KNOWN ? userNamed(record) : acted;
}

function userPart(record: EventRecord, rule: KindRule): Part {
  const user = userOf(record, rule);
  const credential = record.targetType === 'accessToken' ? record.targetId : undefined;
  return {
    attributes: { user: credential === undefined ? user : { ...user, programmatic_credentials: [{ uid: credential, type: 'Access token' }] } },
    takes: user.uid === record.targetId || credential !== undefined ? ['targetId'] : [],
  };
}

function factorPart({ detail }: EventRecord, rule: KindRule): Part {
  const factors = [...new Set([...(rule.factors ?? []), ...[detail?.['secondFactor']].filter(isFactorName)])];
  return { attributes: factors.length === 0 ? {} : { auth_factors: factors.map((factor) => FACTORS[factor]) }, takes: [] };
}

/** The role that was given or taken; where the event names none, what gave it. */
function rolePart({ detail, targetId }: EventRecord, rule: KindRule): Part {
  const name = textOf(detail?.['role']) ?? rule.role;
  const byGrant = targetId === undefined ? undefined : { uid: targetId };
  const role = name === undefined ? byGrant : { name };
  return { attributes: role ? { iam_roles: [role] } : {}, takes: [] };
}

function entityPart(record: EventRecord, rule: KindRule): Part {
  const type = rule.entity ?? record.targetType ?? 'unknown';
  const isTarget = type === record.targetType;
  const uid = isTarget ? record.targetId : rule.entity === undefined ? undefined : record.approvalId;
  const entity: OcsfEntity = {
    ...(uid === undefined ? { name: type } : { uid }),
    ...(rule.isOrganization && uid !== undefined ? { type: 'Organization', type_id: 4, org: { uid } } : { type, type_id: 99 }),
  };
  // What changed is the target's, which may be another thing than the entity.
  const isItsOwn = isTarget || record.targetType === undefined;
  return {
    attributes: {
      entity: { ...entity, ...(isItsOwn && record.before ? { data: record.before } : {}) },
      ...(isItsOwn && record.after ? { updated_entity: { ...entity, data: record.after } } : {}),
      ...(record.reason === undefined ? {} : { comment: record.reason }),
    },
    takes: ['reason', ...(isTarget ? (['targetId'] as const) : []), ...(isItsOwn ? (['before', 'after'] as const) : [])],
  };
}

/** Neither sent bytes nor HTTP statuses are on the log: the code is the error of our closed set. */
function apiPart({ action, kind, correlationId, reasonCode, targetType, targetId }: EventRecord): Part {
  const byType = targetType === undefined ? undefined : { name: targetType };
  const resource = targetId === undefined ? byType : { uid: targetId, ...(targetType === undefined ? {} : { type: targetType }) };
  return {
    attributes: {
      api: { operation: action ?? kind, service: PRODUCT, request: { uid: correlationId }, ...(reasonCode === undefined ? {} : { response: { error: reasonCode } }) },
      ...(resource ? { resources: [{ ...resource, role: 'Target', role_id: 1 }] } : {}),
    },
    takes: ['action', 'targetType', 'targetId'],
  };
}

function authenticationPart(record: EventRecord, rule: KindRule): Part {
  const session = record.targetType === 'session' && record.targetId !== undefined ? { uid: record.targetId } : sessionOf(record);
  return {
    attributes: {
      service: rule.service === 'product' ? { name: 'product' } : PRODUCT,
      ...(session ? { session } : {}),
      ...(rule.isMultiFactor ? { is_mfa: true } : {}),
    },
    takes: record.targetType === 'session' ? ['targetId'] : [],
  };
}

const sessionPart = (record: EventRecord): Part => {
  const session = sessionOf(record);
  return { attributes: session ? { session } : {}, takes: [] };
};

const grantsRoles = ({ activity }: KindRule): boolean => activity === 'Assign Roles' || activity === 'Remove Roles';

/** What each class is made of. */
export const CLASS_PARTS: Readonly<Record<ClassName, (record: EventRecord, rule: KindRule) => readonly Part[]>> = {
  authentication: (record, rule) => [actorPart(record), sourcePart(record), userPart(record, rule), factorPart(record, rule), authenticationPart(record, rule)],
  authorizeSession: (record, rule) => [actorPart(record), sourcePart(record), userPart(record, rule), rolePart(record, rule), sessionPart(record)],
  entityManagement: (record, rule) => [actorPart(record), sourcePart(record), entityPart(record, rule)],
  userManagement: (record, rule) => [
    actorPart(record),
    sourcePart(record),
    userPart(record, rule),
    factorPart(record, rule),
    ...(grantsRoles(rule) ? [rolePart(record, rule)] : []),
  ],
  applicationLifecycle: () => [{ attributes: { app: { ...PRODUCT, vendor_name: PRODUCT.name } }, takes: [] }],
  apiActivity: (record) => [actorPart(record), sourcePart(record), apiPart(record)],
};
