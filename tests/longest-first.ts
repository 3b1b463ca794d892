import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By time on a new machine, where nothing is known of earlier runs: what takes minutes must not begin last. */
const LONGEST = [
  'tests/e2e/accessibility',
  'tests/e2e/controls',
  'tests/adoption/',
  'tests/integration/module-removal',
  'tests/e2e/',
  'tests/integration/attacks/',
  'tests/integration/',
];

/** Starts long files first, so that two workers end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.findIndex((part) => moduleId.includes(part));
  return at === -1 ? LONGEST.length : at;
}
