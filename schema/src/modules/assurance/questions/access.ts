import { tokenSettings } from '../../tokens/settings.ts';
import { USUAL_DAYS } from '../period.ts';
import type { Figure, Question, Verdict } from './question.ts';
import { share } from './question.ts';
import { banyak, dari, figure, length, many, number, ofAll, sentences, where } from './wording.ts';

const DAY = 86_400_000;

const hoursFigure = (name: string, en: string, id: string, hours: number | null): readonly Figure[] => (hours === null ? [] : [figure(name, en, id, hours, 'HOURS')]);

export const accessQuestions: readonly Question[] = [
  {
    id: 'time-limited-access',
    topic: 'ACCESS',
    question: { en: 'Do your staff hold access for a limited time only?', id: 'Apakah staf Anda memegang akses hanya untuk waktu terbatas?' },
    basis: 'OBSERVED',
    references: ['IAM-10'],
    controls: ['AC-6', 'AC-2', 'A.8.2'],
    answer: ({ access }) => {
      const { given, givenWithEnd, longestHours, medianHours, standing, standingWithoutEnd, tokens, longestTokenHours } = access;
      const limit = tokenSettings.tokenLongestMinutes / 60;
      const longToken = longestTokenHours !== null && longestTokenHours > limit + 0.01;
      const all = given + standing + tokens;
      const verdict: Verdict = longToken ? 'PARTLY' : share(givenWithEnd + (standing - standingWithoutEnd) + tokens, all);
      const [longest, median, token] = [length(longestHours ?? 0), length(medianHours ?? 0), length(longestTokenHours ?? 0)];
      return {
        verdict,
        answer: sentences(
          where(all === 0, 'No access was given in the period and none is held.', 'Tidak ada akses yang diberikan dalam periode ini dan tidak ada yang dipegang.'),
          where(
            given > 0,
            `Access was given ${many(given, 'time')} in the period: ${number(givenWithEnd, 'en')} with an end, ${number(given - givenWithEnd, 'en')} without.`,
            `Akses diberikan ${banyak(given, 'kali')} dalam periode ini: ${number(givenWithEnd, 'id')} dengan batas waktu, ${number(given - givenWithEnd, 'id')} tanpa batas.`,
          ),
          where(
            givenWithEnd > 0,
            `With an end it was given for ${median.en} at the median and ${longest.en} at most.`,
            `Yang berbatas diberikan untuk median ${median.id} dan paling lama ${longest.id}.`,
          ),
          where(
            standing > 0,
            `${ofAll(standingWithoutEnd, standing, 'grant')} in force at the end of the period: without an end.`,
            `${dari(standingWithoutEnd, standing, 'pemberian akses')} yang berlaku pada akhir periode tanpa batas waktu.`,
          ),
          where(
            tokens > 0,
            `${many(tokens, 'token')} for tooling: ${token.en} at most; the rules allow ${length(limit).en}.`,
            `${banyak(tokens, 'token')} untuk perkakas: paling lama ${token.id}; aturan mengizinkan ${length(limit).id}.`,
          ),
        ),
        figures: [
          figure('given', 'Grants in the period', 'Pemberian akses dalam periode', given),
          figure('givenWithEnd', 'Of these with an end', 'Di antaranya dengan batas waktu', givenWithEnd),
          figure('givenWithoutEnd', 'Of these without an end', 'Di antaranya tanpa batas waktu', given - givenWithEnd),
          ...hoursFigure('medianHours', 'Median length', 'Median lamanya', medianHours),
          ...hoursFigure('longestHours', 'Longest', 'Terlama', longestHours),
          figure('standing', 'In force at the end of the period', 'Berlaku pada akhir periode', standing),
          figure('standingWithoutEnd', 'Of these without an end', 'Di antaranya tanpa batas waktu', standingWithoutEnd),
          figure('tokens', 'Tokens for tooling', 'Token untuk perkakas', tokens),
          ...hoursFigure('longestTokenHours', 'Longest token', 'Token terlama', longestTokenHours),
        ],
      };
    },
  },
  {
    id: 'least-privilege',
    topic: 'ACCESS',
    question: { en: 'Is access given by task, and only for the customers concerned?', id: 'Apakah akses diberikan menurut tugas, dan hanya untuk pelanggan terkait?' },
    basis: 'BOTH',
    references: ['IAM-05'],
    controls: ['AC-6', 'AC-3', 'A.5.15'],
    answer: ({ declared, access }) => {
      const { standing, standingEverywhere } = access;
      return {
        verdict: share(standing - standingEverywhere, standing),
        answer: sentences(
          {
            en: `${many(declared.roles, 'task role')} share ${many(declared.permissions, 'named permission')}; the largest holds ${ofAll(declared.largestRole, declared.privilegedPermissions, 'privileged one')}.`,
            id: `${banyak(declared.roles, 'peran tugas')} berbagi ${banyak(declared.permissions, 'izin bernama')}; yang terbesar memegang ${dari(declared.largestRole, declared.privilegedPermissions, 'izin istimewa')}.`,
          },
          where(standing === 0, 'No access is in force at the end of the period.', 'Tidak ada akses yang berlaku pada akhir periode.'),
          where(
            standing > 0,
            `${ofAll(standingEverywhere, standing, 'grant')} in force at the end of the period: for all customers, the others for named ones.`,
            `${dari(standingEverywhere, standing, 'pemberian akses')} yang berlaku pada akhir periode mencakup semua pelanggan, sisanya pelanggan tertentu.`,
          ),
        ),
        figures: [
          figure('roles', 'Task roles', 'Peran tugas', declared.roles),
          figure('permissions', 'Named permissions', 'Izin bernama', declared.permissions),
          figure('privilegedPermissions', 'Of these privileged', 'Di antaranya istimewa', declared.privilegedPermissions),
          figure('largestRole', 'Privileged permissions of the largest role', 'Izin istimewa pada peran terbesar', declared.largestRole),
          figure('standing', 'Grants in force at the end of the period', 'Pemberian akses yang berlaku pada akhir periode', standing),
          figure('standingEverywhere', 'Of these for all customers', 'Di antaranya untuk semua pelanggan', standingEverywhere),
        ],
      };
    },
  },
  {
    id: 'separation-of-duties',
    topic: 'ACCESS',
    question: { en: 'Are doing and approving held by different roles?', id: 'Apakah melakukan dan menyetujui dipegang peran yang berbeda?' },
    basis: 'DECLARED',
    references: ['IAM-04', 'IAM-09'],
    controls: ['AC-5', 'A.5.3'],
    answer: ({ declared }) => ({
      verdict: declared.approvable === 0 ? 'NOT_APPLICABLE' : share(declared.roles - declared.rolesOfBothSides, declared.roles),
      answer: sentences(
        where(declared.approvable === 0, 'No act has a rule for a second person.', 'Tidak ada tindakan dengan aturan orang kedua.'),
        where(
          declared.approvable > 0,
          `${ofAll(declared.rolesOfBothSides, declared.roles, 'task role')}: may both do an act and approve the same kind for others. Nobody can approve their own request, whatever they hold.`,
          `${dari(declared.rolesOfBothSides, declared.roles, 'peran tugas')} boleh melakukan suatu tindakan sekaligus menyetujui jenis yang sama bagi orang lain. Tidak seorang pun dapat menyetujui permintaannya sendiri, apa pun haknya.`,
        ),
      ),
      figures: [
        figure('roles', 'Task roles', 'Peran tugas', declared.roles),
        figure(
          'rolesOfBothSides',
          'Of these that may do and approve the same act',
          'Di antaranya yang boleh melakukan dan menyetujui tindakan yang sama',
          declared.rolesOfBothSides,
        ),
        figure('approvableKinds', 'Kinds of act with a rule for a second person', 'Jenis tindakan dengan aturan orang kedua', declared.approvable),
      ],
    }),
  },
  {
    id: 'access-reviews',
    topic: 'ACCESS',
    question: { en: 'Is access reviewed regularly, and taken back when nobody needs it?', id: 'Apakah akses ditinjau berkala, dan dicabut bila tidak diperlukan?' },
    basis: 'OBSERVED',
    references: ['IAM-08'],
    controls: ['AC-2', 'A.5.18'],
    answer: ({ looks, access, period }) => {
      const { campaigns, items, itemsInTime, itemsRevoked, itemsUnanswered } = looks;
      const days = (Date.parse(period.to) - Date.parse(period.from)) / DAY;
      // In less than a quarter nothing need fall due; in a longer one something should.
      const none: Verdict = days >= USUAL_DAYS - 0.01 && access.standing > 0 ? 'NO' : 'NOT_APPLICABLE';
      return {
        verdict: items === 0 ? none : share(itemsInTime, items),
        answer: sentences(
          where(
            items === 0 && none === 'NO',
            `No access review was closed or due in the period, while ${many(access.standing, 'grant')} stood at its end.`,
            `Tidak ada peninjauan akses yang ditutup atau jatuh tempo dalam periode ini, sementara ${banyak(access.standing, 'pemberian akses')} berlaku pada akhirnya.`,
          ),
          where(items === 0 && none !== 'NO', 'No access review was closed or due in the period.', 'Tidak ada peninjauan akses yang ditutup atau jatuh tempo dalam periode ini.'),
          where(
            items > 0,
            `${many(campaigns, 'review')} in the period asked about ${many(items, 'grant or token', 'grants and tokens')}: ${number(itemsInTime, 'en')} answered by a person in time, ${number(itemsRevoked, 'en')} of all taken away by an answer.`,
            `${banyak(campaigns, 'peninjauan')} dalam periode ini menanyakan ${banyak(items, 'pemberian akses dan token')}: ${number(itemsInTime, 'id')} dijawab orang tepat waktu, ${number(itemsRevoked, 'id')} dari semuanya dicabut oleh jawaban.`,
          ),
          where(
            itemsUnanswered > 0,
            `${many(itemsUnanswered, 'item')} nobody answered: at the deadline such access ends by itself.`,
            `${banyak(itemsUnanswered, 'butir')} tidak dijawab: pada tenggat akses demikian berakhir dengan sendirinya.`,
          ),
        ),
        figures: [
          figure('campaigns', 'Reviews closed or due', 'Peninjauan ditutup atau jatuh tempo', campaigns),
          figure('items', 'Grants and tokens asked about', 'Pemberian akses dan token yang ditanyakan', items),
          figure('itemsInTime', 'Of these answered in time', 'Di antaranya dijawab tepat waktu', itemsInTime),
          figure('itemsRevoked', 'Of these taken away by an answer', 'Di antaranya dicabut oleh jawaban', itemsRevoked),
          figure('itemsUnanswered', 'Of these not answered', 'Di antaranya tidak dijawab', itemsUnanswered),
          figure('standing', 'Grants in force at the end of the period', 'Pemberian akses yang berlaku pada akhir periode', access.standing),
        ],
      };
    },
  },
  {
    id: 'leavers',
    topic: 'ACCESS',
    question: { en: 'Does access end at once when somebody leaves?', id: 'Apakah akses langsung berakhir ketika seseorang keluar?' },
    basis: 'OBSERVED',
    references: ['IAM-07'],
    controls: ['PS-4', 'A.6.5'],
    answer: ({ access }) => {
      const { disabled, openSessionsOfDisabled, openTokensOfDisabled } = access;
      const open = openSessionsOfDisabled + openTokensOfDisabled;
      return {
        verdict: open > 0 ? 'NO' : disabled === 0 ? 'NOT_APPLICABLE' : 'YES',
        answer: sentences(
          where(disabled === 0, 'No account was disabled in the period.', 'Tidak ada akun yang dinonaktifkan dalam periode ini.'),
          where(disabled > 0, `${many(disabled, 'account')} disabled in the period.`, `${banyak(disabled, 'akun')} dinonaktifkan dalam periode ini.`),
          where(
            disabled > 0 || open > 0,
            `Open today for disabled accounts: ${many(openSessionsOfDisabled, 'session')} and ${many(openTokensOfDisabled, 'token')}.`,
            `Yang masih terbuka hari ini bagi akun nonaktif: ${banyak(openSessionsOfDisabled, 'sesi')} dan ${banyak(openTokensOfDisabled, 'token')}.`,
          ),
        ),
        figures: [
          figure('disabled', 'Accounts disabled in the period', 'Akun dinonaktifkan dalam periode', disabled),
          figure('openSessionsOfDisabled', 'Open sessions of disabled accounts', 'Sesi terbuka akun nonaktif', openSessionsOfDisabled),
          figure('openTokensOfDisabled', 'Live tokens of disabled accounts', 'Token aktif akun nonaktif', openTokensOfDisabled),
        ],
      };
    },
  },
];
