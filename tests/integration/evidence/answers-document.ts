import type { TestClient } from '../../helpers/gateway.ts';

export const ANSWERS = `query ($tenantId: ID, $from: DateTime, $to: DateTime) { securityAnswers(tenantId: $tenantId, from: $from, to: $to) {
  origin environment policyVersion tenantId from to madeAt events prunedClasses claim { en id } referenced
  answers { id topic topicWords { en id } question { en id } answer { en id } verdict verdictWords { en id } basis basisWords { en id }
    figures { name label { en id } value unit } references controls { id framework title { en id } } evidence { control tenantId from to } }
  en: markdown(language: EN) id: markdown(language: ID) } }`;

export interface ToldAnswer {
  readonly id: string;
  readonly topic: string;
  readonly verdict: string;
  readonly basis: string;
  readonly question: { readonly en: string; readonly id: string };
  readonly answer: { readonly en: string; readonly id: string };
  readonly figures: readonly { readonly name: string; readonly value: string; readonly unit: string }[];
  readonly references: readonly string[];
  readonly controls: readonly { readonly id: string }[];
  readonly evidence: { readonly control: string; readonly tenantId: string | null; readonly from: string; readonly to: string };
}

export interface ToldAnswers {
  readonly tenantId: string | null;
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
  readonly events: number;
  readonly prunedClasses: readonly string[];
  readonly claim: { readonly en: string; readonly id: string };
  readonly answers: readonly ToldAnswer[];
  readonly en: string;
  readonly id: string;
}

export interface AskedAnswers {
  readonly tenantId?: string;
  readonly from?: string;
  readonly to?: string;
}

/** What the gateway answers to a customer's questionnaire, and with which codes it refuses. */
export async function askAnswers(client: TestClient, asked: AskedAnswers, options: { readonly correlationId?: string } = {}) {
  const { data, codes, errors } = await client.query(ANSWERS, { ...asked }, options);
  return { told: (data?.['securityAnswers'] ?? null) as ToldAnswers | null, codes, errors };
}

/** Answers that have to be there. */
export async function tellAnswers(client: TestClient, asked: AskedAnswers): Promise<ToldAnswers> {
  const { told, codes } = await askAnswers(client, asked);
  if (!told) throw new Error(`No answers: ${codes.join()}`);
  return told;
}

export function answerOf(told: ToldAnswers, id: string): ToldAnswer {
  const found = told.answers.find((answer) => answer.id === id);
  if (!found) throw new Error(`No answer is called ${id}`);
  return found;
}

/** A figure as a number; null where it is not told. */
export function figureOf(told: ToldAnswers, id: string, name: string): number | null {
  const found = answerOf(told, id).figures.find((figure) => figure.name === name);
  return found ? Number(found.value) : null;
}
