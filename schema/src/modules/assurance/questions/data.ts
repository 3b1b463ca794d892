import type { Question, Verdict } from './question.ts';
import { share } from './question.ts';
import { banyak, dari, figure, many, number, ofAll, sentences, where } from './wording.ts';

export const dataQuestions: readonly Question[] = [
  {
    id: 'customers-apart',
    topic: 'DATA',
    question: { en: "Is one customer's data kept apart from another's, for your staff too?", id: 'Apakah data satu pelanggan terpisah dari yang lain, juga bagi staf Anda?' },
    basis: 'BOTH',
    references: ['IVS-06'],
    controls: ['AC-3', 'SI-4', 'A.8.3'],
    answer: ({ declared, events }) => {
      const { wideSearches, wideSearchesConfirmed } = events;
      const unconfirmed = wideSearches - wideSearchesConfirmed;
      const verdict: Verdict = declared.tenantedResources === 0 ? 'NO' : unconfirmed > 0 ? 'PARTLY' : 'YES';
      return {
        verdict,
        answer: sentences(
          {
            en: `${ofAll(declared.tenantedResources, declared.resources, 'kind of record', 'kinds of record')}: bound to a customer in the rules; whoever has access for one customer gets no row of another from the database. The others are the gateway's own.`,
            id: `${dari(declared.tenantedResources, declared.resources, 'jenis rekaman')} terikat pada pelanggan menurut aturan; yang berhak atas satu pelanggan tidak memperoleh baris pelanggan lain dari basis data. Sisanya milik gerbang sendiri.`,
          },
          where(wideSearches === 0, 'Nobody searched for people over several customers in the period.', 'Tidak ada yang mencari orang lintas pelanggan dalam periode ini.'),
          where(
            wideSearches > 0,
            `${many(wideSearches, 'search', 'searches')} for people over several customers, ${number(wideSearchesConfirmed, 'en')} of them confirmed with a fresh code.`,
            `${banyak(wideSearches, 'pencarian')} orang lintas pelanggan, ${number(wideSearchesConfirmed, 'id')} di antaranya dikonfirmasi dengan kode baru.`,
          ),
        ),
        figures: [
          figure('resources', 'Kinds of record', 'Jenis rekaman', declared.resources),
          figure('tenantedResources', 'Of these bound to a customer', 'Di antaranya terikat pada pelanggan', declared.tenantedResources),
          figure('wideSearches', 'Searches over several customers', 'Pencarian lintas pelanggan', wideSearches),
          figure('wideSearchesConfirmed', 'Of these confirmed with a fresh code', 'Di antaranya dikonfirmasi dengan kode baru', wideSearchesConfirmed),
        ],
      };
    },
  },
  {
    id: 'personal-data',
    topic: 'DATA',
    question: { en: 'Is reading personal data a right of its own, and recorded?', id: 'Apakah membaca data pribadi merupakan hak tersendiri, dan dicatat?' },
    basis: 'BOTH',
    references: ['DSP-17', 'IAM-16'],
    controls: ['A.5.34', 'SI-4'],
    answer: ({ declared, events }) => {
      const { personalFields, openPersonalFields } = declared;
      const { readings, readers } = events;
      return {
        verdict: share(personalFields - openPersonalFields, personalFields),
        answer: sentences(
          where(personalFields === 0, 'The gateway serves no personal fields.', 'Gerbang tidak menyajikan kolom pribadi.'),
          where(
            personalFields > 0,
            `${ofAll(personalFields - openPersonalFields, personalFields, 'personal field')}: behind a permission of their own, apart from seeing the record.`,
            `${dari(personalFields - openPersonalFields, personalFields, 'kolom pribadi')} memerlukan izin tersendiri, terpisah dari melihat rekamannya.`,
          ),
          where(personalFields > 0 && readings === 0, 'None was shown to anybody in the period.', 'Tidak ada yang ditampilkan kepada siapa pun dalam periode ini.'),
          where(
            readings > 0,
            `Personal fields were answered ${many(readings, 'time')} in the period, to ${many(readers, 'person', 'people')}; names of the fields are on the log, values are not.`,
            `Kolom pribadi ditampilkan ${banyak(readings, 'kali')} dalam periode ini, kepada ${banyak(readers, 'orang')}; nama kolomnya tercatat, nilainya tidak.`,
          ),
        ),
        figures: [
          figure('personalFields', 'Personal fields', 'Kolom pribadi', personalFields),
          figure('openPersonalFields', 'Of these seen with the record', 'Di antaranya terlihat bersama rekamannya', openPersonalFields),
          figure('readings', 'Answers with personal fields', 'Jawaban dengan kolom pribadi', readings),
          figure('readers', 'People who got them', 'Orang yang memperolehnya', readers),
        ],
      };
    },
  },
  {
    id: 'exports',
    topic: 'DATA',
    question: { en: "Are exports of customers' data approved by a second person, and recorded?", id: 'Apakah ekspor data pelanggan disetujui orang kedua, dan dicatat?' },
    basis: 'BOTH',
    references: ['DSP-10'],
    controls: ['A.8.12', 'SI-4'],
    answer: ({ declared, events }) => {
      const { exports, exportsApproved, logExports } = events;
      return {
        verdict: share(exportsApproved, exports),
        answer: sentences(
          {
            en: `Privileged kinds of act that let an export out: ${number(declared.exportingActs, 'en')}.`,
            id: `Jenis tindakan istimewa yang mengeluarkan ekspor: ${number(declared.exportingActs, 'id')}.`,
          },
          where(exports === 0, 'None was done in the period.', 'Tidak ada yang dilakukan dalam periode ini.'),
          where(
            exports > 0,
            `${ofAll(exportsApproved, exports, 'such act')} in the period: approved beforehand by a second person.`,
            `${dari(exportsApproved, exports, 'tindakan demikian')} dalam periode ini disetujui lebih dahulu oleh orang kedua.`,
          ),
          where(
            logExports > 0,
            `The log itself was taken out ${many(logExports, 'time')}, as an export or an evidence pack.`,
            `Log itu sendiri dikeluarkan ${banyak(logExports, 'kali')}, sebagai ekspor atau paket bukti.`,
          ),
        ),
        figures: [
          figure('exportingKinds', 'Kinds of act that let an export out', 'Jenis tindakan yang mengeluarkan ekspor', declared.exportingActs),
          figure('exports', 'Such acts in the period', 'Tindakan demikian dalam periode', exports),
          figure('exportsApproved', 'Of these approved beforehand', 'Di antaranya disetujui lebih dahulu', exportsApproved),
          figure('logExports', 'Exports of the log', 'Ekspor log', logExports),
        ],
      };
    },
  },
  {
    id: 'erasure',
    topic: 'DATA',
    question: { en: "Can a person's data be erased on request, from the audit log too?", id: 'Apakah data seseorang dapat dihapus atas permintaan, juga dari log audit?' },
    basis: 'BOTH',
    references: ['DSP-11', 'DSP-16'],
    controls: ['A.8.10', 'A.5.34'],
    answer: ({ declared, log }) => {
      const { erasures, valuesErased } = log;
      const verdict: Verdict = erasures > 0 ? 'YES' : declared.erasingActs === 0 ? 'NO' : 'NOT_APPLICABLE';
      return {
        verdict,
        answer: sentences(
          {
            en: `${many(declared.erasingActs, 'kind')} of act ${declared.erasingActs === 1 ? 'erases' : 'erase'} a record's personal data, values beside the log included; proofs over the log stay valid.`,
            id: `${banyak(declared.erasingActs, 'jenis tindakan')} menghapus data pribadi suatu rekaman, termasuk nilai di samping log; bukti atas log tetap sah.`,
          },
          where(erasures === 0, 'None was done in the period.', 'Tidak ada yang dilakukan dalam periode ini.'),
          where(
            erasures > 0,
            `${many(erasures, 'erasure')} in the period took ${many(valuesErased, 'value')} from beside the log.`,
            `${banyak(erasures, 'penghapusan')} dalam periode ini mengambil ${banyak(valuesErased, 'nilai')} dari samping log.`,
          ),
        ),
        figures: [
          figure('erasingKinds', 'Kinds of act that erase', 'Jenis tindakan yang menghapus', declared.erasingActs),
          figure('erasures', 'Erasures in the period', 'Penghapusan dalam periode', erasures),
          figure('valuesErased', 'Values erased beside the log', 'Nilai yang dihapus di samping log', valuesErased),
        ],
      };
    },
  },
];
