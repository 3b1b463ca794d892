import { ENDINGS, foldRequest, type JudgedReview, type RequestFacts } from '@sallyport/server/gates/approvals/fold.ts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

const APPROVERS = ['a.b.approve', 'c.d.approve'] as const;
const review: fc.Arbitrary<JudgedReview> = fc.record({
  personId: fc.constantFrom('p1', 'p2', 'p3', 'p4'),
  decision: fc.constantFrom('approve', 'deny'),
  approvers: fc.subarray([...APPROVERS]),
});
const rule = fc.record({
  alternatives: fc.array(fc.record({ approver: fc.constantFrom(...APPROVERS), quorum: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 3 }),
  denials: fc.integer({ min: 1, max: 3 }),
});
const instant = fc.integer({ min: 0, max: 999_999 }).map((micros) => `2026-11-21T10:00:00.${String(micros).padStart(6, '0')}Z`);
const facts: fc.Arbitrary<RequestFacts> = fc.record({
  rule,
  expiresAt: instant,
  now: instant,
  reviews: fc.array(review, { maxLength: 8 }),
  ending: fc.option(fc.constantFrom(...ENDINGS), { freq: 3 }),
});
const open = facts.map((known): RequestFacts => ({ ...known, ending: null, now: '2026-11-21T09:00:00.000000Z' }));

test('D12 the order of reviews does not matter', () => {
  fc.assert(
    fc.property(
      facts.chain((known) => fc.tuple(fc.constant(known), fc.shuffledSubarray([...known.reviews], { minLength: known.reviews.length }))),
      ([known, shuffled]) => {
        expect(foldRequest({ ...known, reviews: shuffled })).toEqual(foldRequest(known));
      },
    ),
  );
});

test('D12 D03 one person counts once, however often and under however many accounts they review', () => {
  fc.assert(
    fc.property(facts, (known) => {
      expect(foldRequest({ ...known, reviews: [...known.reviews, ...known.reviews] })).toEqual(foldRequest(known));
    }),
  );
  const many = Array.from({ length: 5 }, (): JudgedReview => ({ personId: 'p1', decision: 'approve', approvers: APPROVERS }));
  const two = { alternatives: [{ approver: APPROVERS[0], quorum: 2 }], denials: 1 };
  expect(foldRequest({ rule: two, expiresAt: '2', now: '1', reviews: many, ending: null })).toMatchObject({ state: 'pending', approvals: [1] });
});

test('A1 approved only where some alternative has as many different people as it asks for, each of whom may approve now and has not denied', () => {
  fc.assert(
    fc.property(open, (known) => {
      const deniers = new Set(known.reviews.filter(({ decision }) => decision === 'deny').map(({ personId }) => personId));
      const reached = known.rule.alternatives.some(({ approver, quorum }) => {
        const people = ['p1', 'p2', 'p3', 'p4'].filter(
          (person) =>
            !deniers.has(person) && known.reviews.some(({ personId, decision, approvers }) => personId === person && decision === 'approve' && approvers.includes(approver)),
        );
        return people.length >= quorum;
      });
      expect(foldRequest(known).state === 'approved').toBe(reached && deniers.size < known.rule.denials);
      expect(foldRequest(known).state === 'denied').toBe(deniers.size >= known.rule.denials);
    }),
  );
});

test('an approval more never takes an approval away, and a denial more never makes one', () => {
  fc.assert(
    fc.property(open, review, (known, further) => {
      const [before, after] = [foldRequest(known), foldRequest({ ...known, reviews: [...known.reviews, further] })];
      if (further.decision === 'approve' && before.state === 'approved') expect(after.state).toBe('approved');
      if (further.decision === 'deny' && before.state !== 'approved') expect(after.state).not.toBe('approved');
      expect(after.denials).toBeGreaterThanOrEqual(before.denials);
    }),
  );
});

test('D09 expired at the very instant and ever after, whatever the reviews say; an ending stays what it is', () => {
  fc.assert(
    fc.property(facts, (known) => {
      const { state } = foldRequest(known);
      if (known.ending !== null) expect(state).toBe(known.ending);
      else expect(state === 'expired').toBe(known.now >= known.expiresAt);
    }),
  );
  const at = (now: string) =>
    foldRequest({ rule: { alternatives: [{ approver: APPROVERS[0], quorum: 1 }], denials: 1 }, expiresAt: '2026-11-21T10:00:00.000000Z', now, reviews: [], ending: null }).state;
  expect(['2026-11-21T09:59:59.999999Z', '2026-11-21T10:00:00.000000Z', '2026-11-21T10:00:00.000001Z'].map(at)).toEqual(['pending', 'expired', 'expired']);
});
