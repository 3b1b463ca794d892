import type { Question, Verdict } from './question.ts';
import { share } from './question.ts';
import { banyak, dari, figure, instant, many, number, ofAll, sentences, where } from './wording.ts';

/** To the minute, in UTC: `2026-11-21 09:06 UTC`. */
const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

export const logQuestions: readonly Question[] = [
  {
    id: 'complete-records',
    topic: 'LOG',
    question: { en: 'Does the log say who did what, when, why and by which right?', id: 'Apakah log menyebut siapa melakukan apa, kapan, mengapa, dan dengan hak mana?' },
    basis: 'BOTH',
    references: ['LOG-07', 'LOG-08'],
    controls: ['AU-3', 'AU-12', 'AC-6(9)', 'A.8.15'],
    answer: ({ declared, events }) => {
      const { privileged, privilegedComplete, privilegedReasoned, privilegedTicketed } = events;
      return {
        verdict: share(privilegedComplete, privileged),
        answer: sentences(
          {
            en: `${many(declared.kindsOfEvents, 'kind')} of event are declared; a change and its record are saved together or not at all.`,
            id: `${banyak(declared.kindsOfEvents, 'jenis peristiwa')} dinyatakan; perubahan dan catatannya disimpan bersama atau tidak sama sekali.`,
          },
          where(privileged === 0, 'No privileged act was done in the period.', 'Tidak ada tindakan istimewa dalam periode ini.'),
          where(
            privileged > 0,
            `${ofAll(privilegedComplete, privileged, 'privileged act')} in the period: with person, session, permission and reason; ${number(privilegedTicketed, 'en')} with a ticket too.`,
            `${dari(privilegedComplete, privileged, 'tindakan istimewa')} dalam periode ini lengkap dengan orang, sesi, izin, dan alasan; ${number(privilegedTicketed, 'id')} juga dengan tiket.`,
          ),
        ),
        figures: [
          figure('events', 'Events in the period', 'Peristiwa dalam periode', events.events),
          figure('kindsOfEvents', 'Kinds of event declared', 'Jenis peristiwa yang dinyatakan', declared.kindsOfEvents),
          figure('privileged', 'Privileged acts in the period', 'Tindakan istimewa dalam periode', privileged),
          figure('privilegedComplete', 'Of these complete', 'Di antaranya lengkap', privilegedComplete),
          figure('privilegedReasoned', 'Of these with a reason', 'Di antaranya dengan alasan', privilegedReasoned),
          figure('privilegedTicketed', 'Of these with a ticket', 'Di antaranya dengan tiket', privilegedTicketed),
        ],
      };
    },
  },
  {
    id: 'tamper-evidence',
    topic: 'LOG',
    question: { en: 'Would a change to the log be noticed, and is it checked?', id: 'Apakah perubahan pada log akan ketahuan, dan apakah diperiksa?' },
    basis: 'OBSERVED',
    references: ['LOG-02', 'LOG-09', 'IAM-12'],
    controls: ['AU-9', 'A.5.33'],
    answer: ({ log }) => {
      const { entries, signedEntries, verifications, verificationsIntact, lastVerifiedAt, lastVerifiedIntact, gaps } = log;
      const damaged = verifications - verificationsIntact;
      const verdict: Verdict =
        entries === 0 ? 'NOT_APPLICABLE' : lastVerifiedIntact === false ? 'NO' : damaged === 0 && gaps === 0 && verifications > 0 && signedEntries > 0 ? 'YES' : 'PARTLY';
      return {
        verdict,
        answer: sentences(
          {
            en: `The log is a Merkle tree of ${many(entries, 'entry', 'entries')}; the newest signature covers ${number(signedEntries, 'en')}.`,
            id: `Log adalah pohon Merkle berisi ${banyak(entries, 'entri')}; tanda tangan terbaru mencakup ${number(signedEntries, 'id')}.`,
          },
          where(verifications === 0, 'No whole check of it ended in the period.', 'Tidak ada pemeriksaan menyeluruh yang selesai dalam periode ini.'),
          where(
            verifications > 0,
            `${many(verifications, 'whole check')} ended in the period: ${number(verificationsIntact, 'en')} found it intact, ${number(damaged, 'en')} damaged.`,
            `${banyak(verifications, 'pemeriksaan menyeluruh')} selesai dalam periode ini: ${number(verificationsIntact, 'id')} mendapatinya utuh, ${number(damaged, 'id')} rusak.`,
          ),
          where(
            lastVerifiedAt !== null,
            `The last one, at ${minute(lastVerifiedAt ?? '')}, found it ${lastVerifiedIntact === true ? 'intact' : 'damaged'}.`,
            `Yang terakhir, ${minute(lastVerifiedAt ?? '')}, mendapatinya ${lastVerifiedIntact === true ? 'utuh' : 'rusak'}.`,
          ),
          where(
            gaps > 0,
            `Losses of events in the period: ${number(gaps, 'en')}, each acknowledged by two people.`,
            `Kehilangan peristiwa dalam periode ini: ${number(gaps, 'id')}, masing-masing diakui dua orang.`,
          ),
        ),
        figures: [
          figure('entries', 'Entries of the whole log', 'Entri seluruh log', entries),
          figure('signedEntries', 'Of these signed', 'Di antaranya ditandatangani', signedEntries),
          figure('verifications', 'Whole checks in the period', 'Pemeriksaan menyeluruh dalam periode', verifications),
          figure('verificationsIntact', 'Of these intact', 'Di antaranya utuh', verificationsIntact),
          ...(lastVerifiedAt === null ? [] : [instant('lastVerifiedAt', 'Last whole check', 'Pemeriksaan menyeluruh terakhir', lastVerifiedAt)]),
          figure('gaps', 'Losses of events in the period', 'Kehilangan peristiwa dalam periode', gaps),
        ],
      };
    },
  },
  {
    id: 'outside-witness',
    topic: 'LOG',
    question: {
      en: 'Does somebody outside hold proof of the log, so that its owner can’t rewrite it?',
      id: 'Apakah pihak luar memegang bukti log, sehingga pemiliknya tidak dapat menulis ulang?',
    },
    basis: 'OBSERVED',
    references: ['LOG-09'],
    controls: ['AU-9', 'A.5.28'],
    answer: ({ log }) => {
      const { entries, places, witnesses, placesFailing, witnessedEntries } = log;
      const verdict: Verdict = entries === 0 ? 'NOT_APPLICABLE' : places === 0 ? 'NO' : witnesses > 0 && witnessedEntries > 0 && placesFailing === 0 ? 'YES' : 'PARTLY';
      return {
        verdict,
        answer: sentences(
          where(
            places === 0,
            'No place outside the database has received a signed state of the log in the period.',
            'Tidak ada tempat di luar basis data yang menerima keadaan log bertanda tangan dalam periode ini.',
          ),
          where(
            places > 0,
            `${many(places, 'place')} outside the database received signed states of the log in the period, ${many(witnesses, 'witness', 'witnesses')} among them; failing now: ${number(placesFailing, 'en')}.`,
            `${banyak(places, 'tempat')} di luar basis data menerima keadaan log bertanda tangan dalam periode ini, ${banyak(witnesses, 'saksi')} di antaranya; yang sedang gagal: ${number(placesFailing, 'id')}.`,
          ),
          where(
            witnessedEntries > 0,
            `Witnesses have signed for ${ofAll(witnessedEntries, entries, 'entry', 'entries')}. Who runs them, the gateway can’t tell.`,
            `Saksi telah menandatangani ${dari(witnessedEntries, entries, 'entri')}. Siapa yang menjalankannya tidak diketahui gerbang.`,
          ),
        ),
        figures: [
          figure('places', 'Places outside the database', 'Tempat di luar basis data', places),
          figure('witnesses', 'Witnesses among them', 'Saksi di antaranya', witnesses),
          figure('placesFailing', 'Failing now', 'Sedang gagal', placesFailing),
          figure('entries', 'Entries of the whole log', 'Entri seluruh log', entries),
          figure('witnessedEntries', 'Of these signed by a witness', 'Di antaranya ditandatangani saksi', witnessedEntries),
        ],
      };
    },
  },
  {
    id: 'log-retention',
    topic: 'LOG',
    question: { en: 'Is the audit log kept for at least a year?', id: 'Apakah log audit disimpan sedikitnya satu tahun?' },
    basis: 'OBSERVED',
    references: ['LOG-02', 'DSP-16'],
    controls: ['AU-11', 'A.5.33'],
    answer: ({ log }) => {
      const { yearsOfActs, yearsOfRefusals, yearsOfReadings, pruned, prunedClasses } = log;
      const longEnough = [yearsOfActs, yearsOfRefusals, yearsOfReadings].filter((years) => years >= 1).length;
      return {
        verdict: share(longEnough, 3),
        answer: sentences(
          {
            en: `What was done is kept for ${many(yearsOfActs, 'year')}, what was refused or failed for ${number(yearsOfRefusals, 'en')}, what was read for ${number(yearsOfReadings, 'en')}.`,
            id: `Yang dilakukan disimpan ${banyak(yearsOfActs, 'tahun')}, yang ditolak atau gagal ${number(yearsOfRefusals, 'id')}, yang dibaca ${number(yearsOfReadings, 'id')}.`,
          },
          // That holds exist, not whether: a customer who is under one must not learn of it here.
          { en: 'A legal hold keeps what it names longer.', id: 'Penahanan hukum menyimpan yang disebutnya lebih lama.' },
          where(
            pruned > 0,
            `${many(pruned, 'part')} that had served their time went in the period, under a signed statement.`,
            `${banyak(pruned, 'bagian')} yang habis masanya dihapus dalam periode ini, dengan pernyataan bertanda tangan.`,
          ),
          where(
            prunedClasses.length > 0,
            'Of this period itself something has gone already: counts are of what is left.',
            'Sebagian dari periode ini sendiri sudah dihapus: hitungan berlaku atas yang tersisa.',
          ),
        ),
        figures: [
          figure('yearsOfActs', 'What was done', 'Yang dilakukan', yearsOfActs, 'YEARS'),
          figure('yearsOfRefusals', 'What was refused or failed', 'Yang ditolak atau gagal', yearsOfRefusals, 'YEARS'),
          figure('yearsOfReadings', 'What was read or previewed', 'Yang dibaca atau dipratinjau', yearsOfReadings, 'YEARS'),
          figure('pruned', 'Parts that went in the period', 'Bagian yang dihapus dalam periode', pruned),
        ],
      };
    },
  },
  {
    id: 'log-access',
    topic: 'LOG',
    question: { en: 'Is reading the audit log restricted, and recorded itself?', id: 'Apakah pembacaan log audit dibatasi, dan dicatat juga?' },
    basis: 'BOTH',
    references: ['LOG-04'],
    controls: ['AU-6', 'A.5.33'],
    answer: ({ declared, events, tenantId }) => {
      const { rolesReadingTheLog, roles } = declared;
      const { logReadings, logExports } = events;
      return {
        verdict: share(rolesReadingTheLog < roles ? 1 : 0, 1),
        answer: sentences(
          {
            en: `Reading the log is a right of its own, held by ${ofAll(rolesReadingTheLog, roles, 'task role')}; nobody can change it through the gateway.`,
            id: `Membaca log adalah hak tersendiri, dipegang ${dari(rolesReadingTheLog, roles, 'peran tugas')}; tidak ada yang dapat mengubahnya melalui gerbang.`,
          },
          where(
            tenantId === null,
            `It was read ${many(logReadings, 'time')} and taken out ${many(logExports, 'time')} in the period, each time with an event.`,
            `Log dibaca ${banyak(logReadings, 'kali')} dan dikeluarkan ${banyak(logExports, 'kali')} dalam periode ini, setiap kali dengan peristiwanya.`,
          ),
          where(
            tenantId !== null,
            'Readings of the log belong to no single customer: they are counted in the answers for the whole gateway.',
            'Pembacaan log tidak terikat satu pelanggan: hitungannya ada pada jawaban untuk seluruh gerbang.',
          ),
        ),
        figures: [
          figure('roles', 'Task roles', 'Peran tugas', roles),
          figure('rolesReadingTheLog', 'Of these that read the log', 'Di antaranya yang membaca log', rolesReadingTheLog),
          ...(tenantId === null
            ? [
                figure('logReadings', 'Readings in the period', 'Pembacaan dalam periode', logReadings),
                figure('logExports', 'Exports in the period', 'Ekspor dalam periode', logExports),
              ]
            : []),
        ],
      };
    },
  },
];
