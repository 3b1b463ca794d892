import { concerns } from '@sallyport/schema/modules/approvals/request-rows.ts';
import { eventsWithin } from '@sallyport/schema/modules/audit/story-columns.ts';
import { readUses } from '@sallyport/schema/modules/emergency/permissions.ts';
import { readItems } from '@sallyport/schema/modules/reviews/permissions.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { type RawBuilder, sql } from 'kysely';
import { type Json, plainJson } from '../../audit/plain-json.ts';
import { disclosedEvents, type EvidenceQuery } from './select-entries.ts';

type Row = { readonly [name: string]: Json };

/** Rows fetched at once. */
const PAGE = 500;

/** Rows of a statement that answers `id` (a UUID) and `row` (a JSON object), page by page along the IDs. */
async function* pages({ db }: EvidenceQuery, statement: (after: RawBuilder<unknown>) => RawBuilder<unknown>): AsyncGenerator<Row> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await sql<{ id: string; row: Row }>`${statement(sql`${after}::uuid`)} order by id limit ${PAGE}`.execute(db);
    for (const { row } of rows) yield plainJson(row) as Row;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}

const personOf = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select jsonb_build_object('id', person.id, 'name', person.display_name) from gateway.staff person where person.id = ${column})`;

/**
 * The requests for a second person that disclosed events belong to, each with its reviews and its ending, as they were written and stay.
 * Personal values stand in them as commitments.
 */
export function readApprovals(query: EvidenceQuery, viewer: Viewer): AsyncGenerator<Row> {
  const { reach, selection } = query;
  return pages(
    query,
    (after) => sql`
      select request.id, to_jsonb(request) - 'requester_id' || jsonb_build_object(
        'requester', ${personOf(sql`request.requester_id`)},
        'reviews', coalesce((
          select jsonb_agg(to_jsonb(review) - 'request_id' - 'reviewer_id' || jsonb_build_object('reviewer', ${personOf(sql`review.reviewer_id`)}) order by review.reviewed_at, review.id)
          from gateway.approval_review review where review.request_id = request.id), '[]'),
        'ending', (
          select to_jsonb(ending) - 'request_id' - 'ended_by' || jsonb_build_object('ended_by', ${personOf(sql`ending.ended_by`)})
          from gateway.approval_ending ending where ending.request_id = request.id)) as row
      from gateway.approval_request request
      where request.id > ${after} and request.id::text in (select event.approval_id ${disclosedEvents(query)})
        and ${eventsWithin('request', reach)} and ${concerns('request', viewer)} ${selection.tenantId ? sql`and request.tenant_id = ${selection.tenantId}` : sql``}`,
  );
}

/**
 * What reviews said of the access that disclosed events used or are about: items of access reviews on their grants, tokens and emergencies, and
 * the emergencies with their own review. For whoever sees everybody's; nothing for others.
 */
export async function* readReviews(query: EvidenceQuery, viewer: Viewer): AsyncGenerator<Row> {
  const used = sql`(
    select event.grant_id as id ${disclosedEvents(query)} and event.grant_id is not null
    union select event.token_id ${disclosedEvents(query)} and event.token_id is not null
    union select event.break_glass_id ${disclosedEvents(query)} and event.break_glass_id is not null
    union select event.target_id ${disclosedEvents(query)} and event.target_id is not null)`;
  if (viewer.rights.get(readItems.name) === 'global')
    yield* pages(
      query,
      (after) => sql`
        select item.id, to_jsonb(item) - 'staff_id' - 'decided_by' || jsonb_build_object(
          'record', 'access-review-item', 'holder', ${personOf(sql`item.staff_id`)}, 'decided_by', ${personOf(sql`item.decided_by`)},
          'review', (select to_jsonb(review) from gateway.access_review review where review.id = item.review_id)) as row
        from gateway.access_review_item item
        where item.id > ${after} and (item.subject_id::text in ${used} or item.id::text in ${used} or item.review_id::text in ${used})`,
    );
  if (viewer.rights.get(readUses.name) === 'global')
    yield* pages(
      query,
      (after) => sql`
        select emergency.id, to_jsonb(emergency) - 'staff_id' - 'person_id' - 'reviewed_by' || jsonb_build_object(
          'record', 'break-glass', 'holder', ${personOf(sql`emergency.staff_id`)}, 'reviewed_by', ${personOf(sql`emergency.reviewed_by`)}) as row
        from gateway.break_glass emergency where emergency.id > ${after} and emergency.id::text in ${used}`,
    );
}
