import { toCsv } from '../lists/export-rows.ts';
import { sendDocument } from '../gateway/send-request.ts';

/** The gateway's document of a campaign as evidence, `sallyport-access-review/1`. */
export interface ReviewReport {
  readonly format: string;
  readonly campaign: {
    readonly id: string;
    readonly title: string;
    readonly kind: string;
    readonly owner: string;
    readonly createdAt: string;
    readonly deadline: string;
    readonly closedAt: string | null;
  };
  readonly correlationId: string;
  /** Lines by what came of them; `open` where nothing has yet. */
  readonly counts: Readonly<Record<string, number>>;
  readonly items: readonly ReportLine[];
  readonly policyVersions: readonly string[];
  readonly events: readonly { readonly id: string }[];
}

export interface ReportLine {
  readonly id: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly holderId: string;
  readonly title: string;
  readonly lastUsedAt: string | null;
  readonly usedPermissions: readonly string[] | null;
  readonly unusedPermissions: readonly string[] | null;
  readonly decision: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly reason: string | null;
  readonly outcome: string | null;
  readonly outcomeAt: string | null;
}

export async function loadReport(id: string, signal?: AbortSignal): Promise<ReviewReport | null> {
  const { data } = await sendDocument<{ report: ReviewReport | null }>('query Report($id: ID!) { report: accessReviewReport(id: $id) }', { id }, { signal });
  return data.report;
}

/** Columns of the CSV, with the names that the JSON has; lists of names are joined by spaces. */
const COLUMNS = [
  'id',
  'subjectType',
  'subjectId',
  'holderId',
  'title',
  'lastUsedAt',
  'usedPermissions',
  'unusedPermissions',
  'decision',
  'decidedBy',
  'decidedAt',
  'reason',
  'outcome',
  'outcomeAt',
] as const satisfies readonly (keyof ReportLine)[];

/** The lines for a spreadsheet. */
export function reportCsv(report: ReviewReport): string {
  const rows = report.items.map((line) =>
    COLUMNS.map((column) => {
      const value = line[column];
      return value === null ? '' : typeof value === 'string' ? value : value.join(' ');
    }),
  );
  return toCsv(COLUMNS, rows);
}

/** A file name from a title: `access-review-fourth-quarter`. */
export const reportName = (title: string): string =>
  `access-review-${title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')}`;
