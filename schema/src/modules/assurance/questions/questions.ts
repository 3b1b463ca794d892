import { accessQuestions } from './access.ts';
import { authenticationQuestions } from './authentication.ts';
import { dataQuestions } from './data.ts';
import { logQuestions } from './log.ts';
import { oversightQuestions } from './oversight.ts';
import type { Question } from './question.ts';

/** Every question, by topic and in its order. */
export const questions: readonly Question[] = [...authenticationQuestions, ...accessQuestions, ...oversightQuestions, ...dataQuestions, ...logQuestions];
