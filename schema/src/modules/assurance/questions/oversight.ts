import { emergencySettings } from '../../emergency/settings.ts';
import type { Question, Verdict } from './question.ts';
import { share } from './question.ts';
import { banyak, dari, figure, many, number, ofAll, sentences, where } from './wording.ts';

export const oversightQuestions: readonly Question[] = [
  {
    id: 'second-person',
    topic: 'OVERSIGHT',
    question: { en: 'Does a second person approve acts on money, identity and exports?', id: 'Apakah orang kedua menyetujui tindakan atas uang, identitas, dan ekspor?' },
    basis: 'BOTH',
    references: ['IAM-04'],
    controls: ['AC-5', 'CM-3', 'A.5.3'],
    answer: ({ declared, events, looks }) => {
      const { approvable, approvableApproved, refusedOwnApproval } = events;
      const { requestsFiled, requestsExecuted, requestsByOthers, requestsDenied, requestsLapsed } = looks;
      const short = requestsExecuted - requestsByOthers;
      const shared = share(approvableApproved, approvable);
      // Where no rule bound, nobody was asked: the rules are there all the same. Carried out without enough other people is another thing.
      const verdict: Verdict = short === 0 ? (shared === 'NO' ? 'PARTLY' : shared) : requestsByOthers === 0 ? 'NO' : 'PARTLY';
      return {
        verdict,
        answer: sentences(
          {
            en: `${many(declared.approvable, 'kind')} of act can need a second person, some always, some by amount or risk.`,
            id: `${banyak(declared.approvable, 'jenis tindakan')} dapat memerlukan orang kedua, sebagian selalu, sebagian menurut jumlah atau risiko.`,
          },
          where(approvable === 0, 'None of them was done in the period.', 'Tidak ada yang dilakukan dalam periode ini.'),
          where(
            approvable > 0,
            `${ofAll(approvableApproved, approvable, 'such act')} in the period: approved beforehand; for the other ${number(approvable - approvableApproved, 'en')} the gateway found that no rule bound.`,
            `${dari(approvableApproved, approvable, 'tindakan demikian')} dalam periode ini disetujui lebih dahulu; untuk ${number(approvable - approvableApproved, 'id')} lainnya gerbang mendapati tidak ada aturan yang mengikat.`,
          ),
          where(
            requestsFiled + requestsExecuted + requestsDenied + requestsLapsed > 0,
            `${many(requestsFiled, 'request')} filed; ${number(requestsExecuted, 'en')} carried out, ${number(requestsByOthers, 'en')} of them approved by as many other people as the rule asks for; ${number(requestsDenied, 'en')} denied; ${number(requestsLapsed, 'en')} withdrawn or lapsed.`,
            `${banyak(requestsFiled, 'permintaan')} diajukan; ${number(requestsExecuted, 'id')} dijalankan, ${number(requestsByOthers, 'id')} di antaranya disetujui oleh orang lain sebanyak yang diminta aturan; ${number(requestsDenied, 'id')} ditolak; ${number(requestsLapsed, 'id')} ditarik atau gugur.`,
          ),
          where(
            refusedOwnApproval > 0,
            `${many(refusedOwnApproval, 'attempt')} to approve one's own request: refused.`,
            `${banyak(refusedOwnApproval, 'percobaan')} menyetujui permintaan sendiri: ditolak.`,
          ),
        ),
        figures: [
          figure('approvableKinds', 'Kinds of act with a rule for a second person', 'Jenis tindakan dengan aturan orang kedua', declared.approvable),
          figure('approvable', 'Acts of these kinds in the period', 'Tindakan jenis ini dalam periode', approvable),
          figure('approvableApproved', 'Of these approved beforehand', 'Di antaranya disetujui lebih dahulu', approvableApproved),
          figure('requestsFiled', 'Requests filed', 'Permintaan diajukan', requestsFiled),
          figure('requestsExecuted', 'Requests carried out', 'Permintaan dijalankan', requestsExecuted),
          figure('requestsByOthers', 'Of these approved by enough other people', 'Di antaranya disetujui cukup banyak orang lain', requestsByOthers),
          figure('requestsDenied', 'Requests denied', 'Permintaan ditolak', requestsDenied),
          figure('requestsLapsed', 'Requests withdrawn or lapsed', 'Permintaan ditarik atau gugur', requestsLapsed),
          figure('refusedOwnApproval', 'Attempts to approve one’s own request', 'Percobaan menyetujui permintaan sendiri', refusedOwnApproval),
        ],
      };
    },
  },
  {
    id: 'emergency-access',
    topic: 'OVERSIGHT',
    question: { en: 'Is emergency access short, and reviewed by somebody else afterwards?', id: 'Apakah akses darurat singkat, dan ditinjau orang lain sesudahnya?' },
    basis: 'OBSERVED',
    references: [],
    controls: ['IR-4', 'A.5.25'],
    answer: ({ looks, events }) => {
      const { emergencies, emergenciesInTime, emergenciesLate, emergenciesPending, emergenciesNotJustified, longestEmergencyMinutes } = looks;
      const due = emergencies - emergenciesPending;
      const open = due - emergenciesInTime - emergenciesLate;
      const hours = emergencySettings.breakGlassReviewHours;
      return {
        verdict: share(emergenciesInTime, due),
        answer: sentences(
          where(emergencies === 0, 'Nobody took emergency access in the period.', 'Tidak ada yang mengambil akses darurat dalam periode ini.'),
          where(
            emergencies > 0,
            `Emergency access was taken ${many(emergencies, 'time')}, for ${number(longestEmergencyMinutes ?? 0, 'en')} minutes at most (the rules allow ${number(emergencySettings.breakGlassLongestMinutes, 'en')}), with ${many(events.emergencyActs, 'act')} under it.`,
            `Akses darurat diambil ${banyak(emergencies, 'kali')}, paling lama ${number(longestEmergencyMinutes ?? 0, 'id')} menit (aturan mengizinkan ${number(emergencySettings.breakGlassLongestMinutes, 'id')}), dengan ${banyak(events.emergencyActs, 'tindakan')} di bawahnya.`,
          ),
          where(
            due > 0,
            `Reviewed by somebody else within ${number(hours, 'en')} hours: ${number(emergenciesInTime, 'en')} of ${number(due, 'en')}; later: ${number(emergenciesLate, 'en')}; not yet: ${number(open, 'en')}.`,
            `Ditinjau orang lain dalam ${number(hours, 'id')} jam: ${number(emergenciesInTime, 'id')} dari ${number(due, 'id')}; sesudahnya: ${number(emergenciesLate, 'id')}; belum: ${number(open, 'id')}.`,
          ),
          where(emergenciesPending > 0, `${many(emergenciesPending, 'review')} not due yet.`, `${banyak(emergenciesPending, 'tinjauan')} belum jatuh tempo.`),
          where(
            emergenciesNotJustified > 0,
            `Found not justified: ${number(emergenciesNotJustified, 'en')}.`,
            `Dinilai tidak beralasan: ${number(emergenciesNotJustified, 'id')}.`,
          ),
        ),
        figures: [
          figure('emergencies', 'Emergencies', 'Keadaan darurat', emergencies),
          figure('emergenciesInTime', `Reviewed within ${hours} hours`, `Ditinjau dalam ${hours} jam`, emergenciesInTime),
          figure('emergenciesLate', 'Reviewed later', 'Ditinjau sesudahnya', emergenciesLate),
          figure('emergenciesOverdue', 'Not reviewed in time', 'Belum ditinjau pada waktunya', open),
          figure('emergenciesPending', 'Review not due yet', 'Tinjauan belum jatuh tempo', emergenciesPending),
          figure('emergenciesNotJustified', 'Found not justified', 'Dinilai tidak beralasan', emergenciesNotJustified),
          ...(longestEmergencyMinutes === null ? [] : [figure('longestEmergencyMinutes', 'Longest', 'Terlama', longestEmergencyMinutes, 'MINUTES')]),
          figure('emergencyActs', 'Acts under an emergency', 'Tindakan dalam keadaan darurat', events.emergencyActs),
        ],
      };
    },
  },
  {
    id: 'refused-attempts',
    topic: 'OVERSIGHT',
    question: { en: 'Are refused attempts recorded and passed on to security monitoring?', id: 'Apakah percobaan yang ditolak dicatat dan diteruskan ke pemantauan keamanan?' },
    basis: 'OBSERVED',
    references: ['IAM-16', 'LOG-03', 'LOG-05'],
    controls: ['AC-3', 'SI-4', 'A.8.16'],
    answer: ({ events, log }) => {
      const { refused, refusedForRights, refusedForCode, failed } = events;
      const watched = log.streams - log.streamsFailing;
      const verdict: Verdict = refused === 0 ? 'NOT_APPLICABLE' : watched > 0 && log.streamsFailing === 0 ? 'YES' : 'PARTLY';
      return {
        verdict,
        answer: sentences(
          where(refused === 0, 'Nothing was refused in the period.', 'Tidak ada yang ditolak dalam periode ini.'),
          where(
            refused > 0,
            `${many(refused, 'attempt')} refused and recorded: ${number(refusedForRights, 'en')} for want of a right, ${number(refusedForCode, 'en')} for want of a fresh code, ${number(refused - refusedForRights - refusedForCode, 'en')} for other reasons.`,
            `${banyak(refused, 'percobaan')} ditolak dan dicatat: ${number(refusedForRights, 'id')} karena tanpa hak, ${number(refusedForCode, 'id')} karena tanpa kode baru, ${number(refused - refusedForRights - refusedForCode, 'id')} karena alasan lain.`,
          ),
          where(log.streams === 0, 'The log is not streamed to a monitoring system: somebody has to look.', 'Log tidak dialirkan ke sistem pemantauan: harus ada yang melihatnya.'),
          where(
            log.streams > 0,
            `The log is streamed to ${many(log.streams, 'receiver')}; failing now: ${number(log.streamsFailing, 'en')}.`,
            `Log dialirkan ke ${banyak(log.streams, 'penerima')}; yang sedang gagal: ${number(log.streamsFailing, 'id')}.`,
          ),
        ),
        figures: [
          figure('refused', 'Refused attempts', 'Percobaan ditolak', refused),
          figure('refusedForRights', 'Of these for want of a right', 'Di antaranya karena tanpa hak', refusedForRights),
          figure('refusedForCode', 'Of these for want of a fresh code', 'Di antaranya karena tanpa kode baru', refusedForCode),
          figure('failed', 'Failed attempts', 'Percobaan gagal', failed),
          figure('streams', 'Receivers of the stream', 'Penerima aliran', log.streams),
          figure('streamsFailing', 'Of these failing now', 'Di antaranya sedang gagal', log.streamsFailing),
        ],
      };
    },
  },
];
