import type { Question, Verdict } from './question.ts';
import { share } from './question.ts';
import { banyak, dari, figure, many, number, ofAll, sentences, where } from './wording.ts';

export const authenticationQuestions: readonly Question[] = [
  {
    id: 'staff-second-factor',
    topic: 'AUTHENTICATION',
    question: {
      en: 'Do your staff need more than a password to reach our data?',
      id: 'Apakah staf Anda memerlukan lebih dari kata sandi untuk menjangkau data kami?',
    },
    basis: 'BOTH',
    references: ['IAM-14'],
    controls: ['IA-2', 'IA-5', 'A.8.5'],
    answer: ({ access, events }) => {
      const { accounts, accountsWithFactor } = access;
      const { acts, actsWithFactor, actsWithRecoveryCode } = events;
      return {
        verdict: share(accountsWithFactor + actsWithFactor, accounts + acts),
        answer: sentences(
          {
            en: `${ofAll(accountsWithFactor, accounts, 'account')} of staff that can sign in with this reach: with an authenticator app as second factor.`,
            id: `${dari(accountsWithFactor, accounts, 'akun staf')} yang dapat masuk dengan jangkauan ini memakai aplikasi autentikator sebagai faktor kedua.`,
          },
          where(acts === 0, 'Nobody changed anything in the period.', 'Tidak ada yang mengubah apa pun dalam periode ini.'),
          where(
            acts > 0,
            `${ofAll(actsWithFactor, acts, 'act')} in the period: done in a session opened with a second factor.`,
            `${dari(actsWithFactor, acts, 'tindakan')} dalam periode ini dilakukan pada sesi yang dibuka dengan faktor kedua.`,
          ),
          where(
            actsWithRecoveryCode > 0,
            `Among them ${many(actsWithRecoveryCode, 'act')} with a recovery code in place of the app.`,
            `Di antaranya ${banyak(actsWithRecoveryCode, 'tindakan')} dengan kode pemulihan sebagai ganti aplikasi.`,
          ),
        ),
        figures: [
          figure('accounts', 'Accounts that can sign in', 'Akun yang dapat masuk', accounts),
          figure('accountsWithFactor', 'Of these with an authenticator', 'Di antaranya dengan autentikator', accountsWithFactor),
          figure('acts', 'Acts in the period', 'Tindakan dalam periode', acts),
          figure('actsWithFactor', 'Of these in a session with a second factor', 'Di antaranya pada sesi dengan faktor kedua', actsWithFactor),
          figure('actsWithRecoveryCode', 'Of these with a recovery code', 'Di antaranya dengan kode pemulihan', actsWithRecoveryCode),
        ],
      };
    },
  },
  {
    id: 'fresh-code',
    topic: 'AUTHENTICATION',
    question: {
      en: 'Do privileged acts ask for a fresh second factor, besides the one at sign-in?',
      id: 'Apakah tindakan istimewa meminta faktor kedua yang baru, selain saat masuk?',
    },
    basis: 'BOTH',
    references: ['IAM-14'],
    controls: ['IA-11', 'AC-6(9)', 'A.8.5'],
    answer: ({ declared, events }) => {
      const { privileged, privilegedConfirmed, alwaysAsking, alwaysAskingConfirmed } = events;
      const against = alwaysAsking - alwaysAskingConfirmed;
      const rest = privileged - privilegedConfirmed - against;
      // The rules ask for a code of most kinds, not of all: that is partly so, unless none came where one always has to.
      const verdict: Verdict = privilegedConfirmed === 0 && against === 0 && rest > 0 && declared.codeAlways > 0 ? 'PARTLY' : share(privilegedConfirmed, privileged);
      return {
        verdict,
        answer: sentences(
          {
            en: `Of ${many(declared.privilegedActs, 'kind')} of privileged act, ${number(declared.codeAlways, 'en')} always ask for a fresh code, ${number(declared.codeSometimes, 'en')} under a condition, ${number(declared.codeNever, 'en')} never.`,
            id: `Dari ${banyak(declared.privilegedActs, 'jenis tindakan istimewa')}, ${number(declared.codeAlways, 'id')} selalu meminta kode baru, ${number(declared.codeSometimes, 'id')} dengan syarat, ${number(declared.codeNever, 'id')} tidak pernah.`,
          },
          where(privileged === 0, 'No privileged act was done in the period.', 'Tidak ada tindakan istimewa dalam periode ini.'),
          where(
            privileged > 0,
            `${ofAll(privilegedConfirmed, privileged, 'privileged act')} in the period: confirmed with a fresh code for exactly that act.`,
            `${dari(privilegedConfirmed, privileged, 'tindakan istimewa')} dalam periode ini dikonfirmasi dengan kode baru untuk tindakan itu saja.`,
          ),
          where(
            rest > 0,
            `${many(rest, 'act')} without a code: of kinds, or under conditions, for which the rules ask none.`,
            `${banyak(rest, 'tindakan')} tanpa kode: dari jenis, atau dalam keadaan, yang menurut aturan tidak memerlukannya.`,
          ),
          where(
            against > 0,
            `${many(against, 'act')} without a code although the kind always asks for one.`,
            `${banyak(against, 'tindakan')} tanpa kode padahal jenisnya selalu memerlukannya.`,
          ),
        ),
        figures: [
          figure('privilegedKinds', 'Kinds of privileged act', 'Jenis tindakan istimewa', declared.privilegedActs),
          figure('kindsAlwaysAsking', 'Kinds that always ask for a code', 'Jenis yang selalu meminta kode', declared.codeAlways),
          figure('kindsSometimesAsking', 'Kinds that ask under a condition', 'Jenis yang meminta dengan syarat', declared.codeSometimes),
          figure('kindsNeverAsking', 'Kinds that never ask', 'Jenis yang tidak pernah meminta', declared.codeNever),
          figure('privileged', 'Privileged acts in the period', 'Tindakan istimewa dalam periode', privileged),
          figure('privilegedConfirmed', 'Of these confirmed with a fresh code', 'Di antaranya dikonfirmasi dengan kode baru', privilegedConfirmed),
          figure('alwaysAsking', 'Acts of kinds that always ask', 'Tindakan dari jenis yang selalu meminta', alwaysAsking),
          figure('alwaysAskingConfirmed', 'Of these confirmed', 'Di antaranya dikonfirmasi', alwaysAskingConfirmed),
        ],
      };
    },
  },
  {
    id: 'one-person-each',
    topic: 'AUTHENTICATION',
    question: {
      en: 'Can every change be traced to one person, without shared accounts?',
      id: 'Apakah setiap perubahan dapat ditelusuri ke satu orang, tanpa akun bersama?',
    },
    basis: 'OBSERVED',
    references: ['IAM-13'],
    controls: ['AU-10', 'AU-3', 'A.5.16'],
    answer: ({ events }) => {
      const { acts, actsNamed, actsByToken, people, commandLine } = events;
      return {
        verdict: share(actsNamed, acts + commandLine),
        answer: sentences(
          where(acts + commandLine === 0, 'Nobody changed anything in the period.', 'Tidak ada yang mengubah apa pun dalam periode ini.'),
          where(
            acts > 0,
            `${ofAll(actsNamed, acts, 'act')}: recorded with the account of one person; ${many(people, 'person', 'people')} acted.`,
            `${dari(actsNamed, acts, 'tindakan')} tercatat dengan akun satu orang; ${banyak(people, 'orang')} bertindak.`,
          ),
          where(
            actsByToken > 0,
            `Among them ${many(actsByToken, 'act')} through a person's own token.`,
            `Di antaranya ${banyak(actsByToken, 'tindakan')} melalui token milik orang itu sendiri.`,
          ),
          where(
            commandLine > 0,
            `${many(commandLine, 'entry', 'entries')} from the server's command line, where the log names the machine and no person.`,
            `${banyak(commandLine, 'entri')} dari baris perintah server, yang menyebut mesinnya dan bukan orangnya.`,
          ),
          {
            en: 'What is done to the database past the gateway, no log of the gateway sees.',
            id: 'Yang dilakukan pada basis data tanpa melalui gerbang tidak terlihat oleh log gerbang.',
          },
        ),
        figures: [
          figure('acts', 'Acts in the period', 'Tindakan dalam periode', acts),
          figure('actsNamed', 'Of these with a person', 'Di antaranya dengan nama orang', actsNamed),
          figure('actsByToken', 'Of these through a token', 'Di antaranya melalui token', actsByToken),
          figure('people', 'People who acted', 'Orang yang bertindak', people),
          figure('commandLine', 'Entries from the command line', 'Entri dari baris perintah', commandLine),
        ],
      };
    },
  },
];
