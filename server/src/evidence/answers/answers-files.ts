import { GatewayError } from '@sallyport/schema/errors.ts';
import { answersMarkdown } from '@sallyport/schema/modules/assurance/answers-markdown.ts';
import { type AnswersPeriod, settlePeriod } from '@sallyport/schema/modules/assurance/period.ts';
import { READ_ANSWERS } from '@sallyport/schema/modules/assurance/permissions.ts';
import { CLAIM, makeSecurityAnswers, REFERENCED } from '@sallyport/schema/modules/assurance/security-answers.ts';
import type { ReportSelection } from '@sallyport/schema/modules/audit/report/selection.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import { covers, reachOf, type Viewer } from '@sallyport/schema/viewer.ts';
import type { Language } from '@sallyport/schema/vocabulary/axes.ts';
import { canonicalJson } from '../../audit/canonical-json.ts';
import { plainJson } from '../../audit/plain-json.ts';
import type { PackAnswers } from '../pack/pack-contents.ts';

/** What the answers of a pack say of the gateway that made them. */
export interface AnswersSetting {
  readonly environment: string;
  readonly policyVersion: string;
}

/** Answers are of a tenant or of everything, in a period: of a story, a person or a control there are none. */
const isOfTenantOrPeriod = ({ correlationId, actorId, control }: ReportSelection): boolean => !correlationId && !actorId && !control;

/**
 * The answers to security questionnaires that go with a pack: the same as the console gives (C4), over the pack's tenant and period, the last 90 days where
 * it names none. Null where the pack is of something else, of a longer period than answers look at, or of what its maker reads no answers of.
 */
export async function answersFiles(
  db: Db,
  registry: Registry,
  viewer: Viewer,
  selection: ReportSelection,
  { environment, policyVersion, language }: AnswersSetting & { readonly language: Language },
): Promise<PackAnswers | null> {
  const tenantId = selection.tenantId ?? null;
  if (!isOfTenantOrPeriod(selection) || !covers(reachOf(viewer, READ_ANSWERS), tenantId === null ? 'global' : new Set([tenantId]))) return null;
  const period = await answerablePeriod(db, selection);
  if (!period) return null;
  const made = await makeSecurityAnswers(db, registry, { period, tenantId, environment, policyVersion });
  return { markdown: answersMarkdown(made, language), json: `${canonicalJson(plainJson({ claim: CLAIM, referenced: REFERENCED, ...made }))}\n` };
}

async function answerablePeriod(db: Db, selection: ReportSelection): Promise<AnswersPeriod | null> {
  try {
    return await settlePeriod(db, selection);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'BAD_INPUT') return null;
    throw error;
  }
}
