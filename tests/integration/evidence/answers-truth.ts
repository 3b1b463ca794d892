/** Of whom and of when the truth is asked. */
export interface TruthScope {
  readonly tenantId: string | null;
  readonly from: string;
  readonly to: string;
}

/** What each figure has to be: plain SQL that shares nothing with the product's. `question.figure` → a statement that answers one number as `n`. */
export function truthOf({ tenantId, from, to }: TruthScope): Readonly<Record<string, string>> {
  const at = (column: string): string => `${column} >= '${from}' and ${column} < '${to}'`;
  const events = `audit.event where ${at('time')}${tenantId === null ? '' : ` and tenant_id = '${tenantId}'`}`;
  const count = (condition: string): string => `select count(*) as n from ${events} and ${condition}`;
  const act = "outcome = 'ok' and effect = 'write' and action is not null and kind <> 'approvals.request.filed'";
  const privileged = `${act} and tier = 'privileged'`;
  const reaches = (row: string): string => (tenantId === null ? 'true' : `(${row}.is_global or '${tenantId}' = any (${row}.tenant_ids))`);
  const given = `gateway.access_grant g where ${at('g.created_at')} and ${reaches('g')}`;
  const standing = `gateway.access_grant g join gateway.staff s on s.id = g.staff_id where ${reaches('g')} and g.activated_at < '${to}' and coalesce(g.revoked_at > '${to}', true)
    and coalesce(g.expires_at > '${to}', true) and s.state <> 'disabled'`;
  const planned = "coalesce(g.expires_at - coalesce(g.activated_at, g.created_at), g.minutes * interval '1 minute')";
  const hours = (what: string, rows: string): string => `select round(extract(epoch from (${what})) / 3600, 3) as n from ${rows}`;
  const ofTenant = (column: string): string => (tenantId === null ? 'true' : `${column} = '${tenantId}'`);
  const ended = (state: string): string =>
    `select count(*) as n from gateway.approval_request r join gateway.approval_ending e on e.request_id = r.id where ${ofTenant('r.tenant_id')} and ${at('e.ended_at')} and e.state in (${state})`;
  const items = `gateway.access_review v join gateway.access_review_item i on i.review_id = v.id join gateway.access_grant g on g.id = i.subject_id where ${at('v.closed_at')} and ${reaches('g')}`;
  const emergencies = `gateway.break_glass b where ${at('b.started_at')} and ${reaches('b')}`;
  const people = tenantId === null ? 'true' : `id in (select staff_id from gateway.access_grant g where ${reaches('g')})`;
  const readings =
    tenantId === null
      ? count("kind = 'access.personal-fields.read' and outcome = 'ok'")
      : `select count(*) as n from audit.event where ${at('time')} and kind = 'access.personal-fields.read' and outcome = 'ok' and (tenant_id = '${tenantId}' or (tenant_id is null
          and (detail::text like '%${tenantId}%' or (detail->'tenants'->>'count')::int > 200 or detail::text like '%omitted%')))`;
  const asking = `action in ('inviteStaff', 'giveGrant', 'requestElevation', 'approveRequest', 'createToken', 'resetMfa', 'erasePerson', 'orderDataExport')`;
  const approvable = `action in ('giveGrant', 'requestElevation', 'resetMfa', 'erasePerson', 'refundInvoice', 'adjustCredit', 'changeSsoConfiguration', 'orderDataExport')`;
  return {
    'staff-second-factor.accounts': `select count(*) as n from gateway.staff where state = 'active' and ${people}`,
    'staff-second-factor.accountsWithFactor': `select count(*) as n from gateway.staff where state = 'active' and totp_enrolled_at is not null and ${people}`,
    'staff-second-factor.acts': count(act),
    'staff-second-factor.actsWithFactor': count(`${act} and second_factor in ('totp', 'recovery-code')`),
    'staff-second-factor.actsWithRecoveryCode': count(`${act} and second_factor = 'recovery-code'`),
    'fresh-code.privileged': count(privileged),
    'fresh-code.privilegedConfirmed': count(`${privileged} and step_up_id is not null`),
    'fresh-code.alwaysAsking': count(`${act} and ${asking}`),
    'fresh-code.alwaysAskingConfirmed': count(`${act} and ${asking} and step_up_id is not null`),
    'one-person-each.actsNamed': count(`${act} and actor_id in (select id::text from gateway.staff union select '0199c0de-0000-7000-8000-000000000001')`),
    'one-person-each.actsByToken': count(`${act} and token_id is not null`),
    'one-person-each.people': `select count(distinct actor_id) as n from ${events} and ${act}`,
    'one-person-each.commandLine': count("surface = 'cli' and outcome = 'ok'"),
    'time-limited-access.given': `select count(*) as n from ${given}`,
    'time-limited-access.givenWithEnd': `select count(*) as n from ${given} and ${planned} is not null`,
    'time-limited-access.givenWithoutEnd': `select count(*) as n from ${given} and g.expires_at is null and g.minutes is null`,
    'time-limited-access.longestHours': hours(`max(${planned})`, given),
    'time-limited-access.medianHours': hours(`percentile_cont(0.5) within group (order by ${planned})`, given),
    'time-limited-access.standing': `select count(*) as n from ${standing}`,
    'time-limited-access.standingWithoutEnd': `select count(*) as n from ${standing} and g.expires_at is null`,
    'time-limited-access.tokens': `select count(*) as n from gateway.access_token t where ${at('t.created_at')} and ${reaches('t')}`,
    'time-limited-access.longestTokenHours': hours('max(t.expires_at - t.created_at)', `gateway.access_token t where ${at('t.created_at')} and ${reaches('t')}`),
    'least-privilege.standingEverywhere': `select count(*) as n from ${standing} and g.is_global`,
    'access-reviews.campaigns': `select count(distinct v.id) as n from ${items}`,
    'access-reviews.items': `select count(*) as n from ${items}`,
    'access-reviews.itemsInTime': `select count(*) as n from ${items} and i.decided_at <= v.deadline`,
    'access-reviews.itemsRevoked': `select count(*) as n from ${items} and i.outcome = 'revoked'`,
    'access-reviews.itemsUnanswered': `select count(*) as n from ${items} and i.outcome = 'revoked-at-deadline'`,
    'leavers.disabled': `select count(*) as n from gateway.staff where ${at('disabled_at')} and ${people}`,
    'second-person.approvable': count(`${act} and ${approvable}`),
    'second-person.approvableApproved': count(`${act} and ${approvable} and approval_id is not null`),
    'second-person.requestsFiled': `select count(*) as n from gateway.approval_request r where ${ofTenant('r.tenant_id')} and ${at('r.requested_at')}`,
    'second-person.requestsExecuted': ended("'executed'"),
    'second-person.requestsByOthers': `${ended("'executed'")} and exists (select from gateway.approval_review w where w.request_id = r.id and w.reviewer_id <> r.requester_id)`,
    'second-person.requestsDenied': ended("'denied'"),
    'second-person.requestsLapsed': ended("'cancelled', 'expired', 'stale', 'failed'"),
    'second-person.refusedOwnApproval': count("outcome = 'denied' and reason_code = 'SELF_APPROVAL'"),
    'emergency-access.emergencies': `select count(*) as n from ${emergencies}`,
    'emergency-access.emergenciesInTime': `select count(*) as n from ${emergencies} and b.reviewed_at - b.started_at <= interval '1 day'`,
    'emergency-access.emergenciesLate': `select count(*) as n from ${emergencies} and b.reviewed_at - b.started_at > interval '1 day'`,
    'emergency-access.emergenciesOverdue': `select count(*) as n from ${emergencies} and b.reviewed_at is null and b.started_at < now() - interval '1 day'`,
    'emergency-access.emergenciesPending': `select count(*) as n from ${emergencies} and b.reviewed_at is null and b.started_at >= now() - interval '1 day'`,
    'emergency-access.emergenciesNotJustified': `select count(*) as n from ${emergencies} and b.verdict = 'not-justified'`,
    'emergency-access.longestEmergencyMinutes': `select round(extract(epoch from max(b.ended_at - b.started_at)) / 60, 3) as n from ${emergencies}`,
    'emergency-access.emergencyActs': count(`${act} and break_glass_id is not null`),
    'refused-attempts.refused': count("outcome = 'denied'"),
    'refused-attempts.refusedForRights': count("outcome = 'denied' and reason_code in ('FORBIDDEN', 'NOT_FOUND')"),
    'refused-attempts.refusedForCode': count("outcome = 'denied' and reason_code in ('STEP_UP_REQUIRED', 'STEP_UP_FAILED')"),
    'refused-attempts.failed': count("outcome = 'failed'"),
    'refused-attempts.streams': "select count(*) as n from gateway.log_stream where served_at > now() - interval '1 day'",
    'customers-apart.wideSearches': count("kind = 'gateway.records.searched-across-tenants' and outcome = 'ok'"),
    'customers-apart.wideSearchesConfirmed': count("kind = 'gateway.records.searched-across-tenants' and outcome = 'ok' and step_up_id is not null"),
    'personal-data.readings': readings,
    'exports.exports': count(`${act} and action = 'orderDataExport'`),
    'exports.exportsApproved': count(`${act} and action = 'orderDataExport' and approval_id is not null`),
    'exports.logExports': count("outcome = 'ok' and kind in ('audit.events.exported', 'audit.evidence.begun')"),
    'erasure.erasures': `select count(*) as n from audit.erasure where ${at('erased_at')} and ${ofTenant('tenant_id')}`,
    'erasure.valuesErased': `select coalesce(sum(values_erased), 0) as n from audit.erasure where ${at('erased_at')} and ${ofTenant('tenant_id')}`,
    'complete-records.events': `select count(*) as n from ${events}`,
    'complete-records.privilegedComplete': count(`${privileged} and reason is not null and actor_id is not null and session_id is not null and permission is not null`),
    'complete-records.privilegedReasoned': count(`${privileged} and reason is not null`),
    'complete-records.privilegedTicketed': count(`${privileged} and ticket is not null`),
    'tamper-evidence.verifications': `select count(*) as n from gateway.log_verification where ${at('ended_at')}`,
    'tamper-evidence.verificationsIntact': `select count(*) as n from gateway.log_verification where ${at('ended_at')} and intact`,
    'outside-witness.places': `select count(*) as n from gateway.anchor where last_at >= '${from}'`,
    'outside-witness.witnesses': `select count(*) as n from gateway.anchor where last_at >= '${from}' and kind = 'witness'`,
    'outside-witness.placesFailing': `select count(*) as n from gateway.anchor where last_at >= '${from}' and failing_since is not null`,
    'log-retention.yearsOfActs': "select years as n from audit.retention_period where retention = 'act'",
    'log-retention.yearsOfRefusals': "select years as n from audit.retention_period where retention = 'refusal'",
    'log-retention.yearsOfReadings': "select years as n from audit.retention_period where retention = 'reading'",
  };
}
