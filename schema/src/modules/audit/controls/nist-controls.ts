import type { Control } from './control.ts';

type Stated = Omit<Control, 'framework'>;

/** Security and Privacy Controls for Information Systems and Organizations, NIST SP 800-53 Revision 5, in its own order. */
const STATED: readonly Stated[] = [
  {
    id: 'AC-2',
    title: { en: 'Managing accounts', id: 'Pengelolaan akun' },
    helps: {
      en: 'Each account and each right has its making, change, review and end on the log, with who did it and why.',
      id: 'Setiap akun dan setiap hak tercatat sejak dibuat, diubah, ditinjau, hingga diakhiri, beserta pelaku dan alasannya.',
    },
    kinds: ['access.staff.*', 'access.grant.*', 'access.enrolment.*', 'access.administration.*', 'reviews.*'],
  },
  {
    id: 'AC-3',
    title: { en: 'Enforcing access', id: 'Penegakan akses' },
    helps: {
      en: 'What was refused is recorded as what was done is, so that one can see the rules bind.',
      id: 'Yang ditolak dicatat seperti yang dilakukan, sehingga terlihat bahwa aturan berlaku.',
    },
    kinds: ['gateway.request.*', 'access.field.refused', 'access.session.end-refused', 'tokens.token.refused', 'tokens.token.exchange-refused'],
  },
  {
    id: 'AC-5',
    title: { en: 'Separating duties', id: 'Pemisahan tugas' },
    helps: {
      en: 'Who asked and who approved stand in one story, and accounts stated to be of one human count as one.',
      id: 'Pemohon dan pemberi persetujuan ada dalam satu rangkaian, dan akun yang dinyatakan milik satu orang dihitung satu.',
    },
    kinds: ['approvals.*', 'access.staff.linked', 'access.elevation.granted', 'emergency.break-glass.reviewed'],
  },
  {
    id: 'AC-6',
    title: { en: 'Least privilege', id: 'Hak paling sedikit' },
    helps: {
      en: 'Rights are given for a reach and a time, lent rather than held, and taken back when nobody answers for them.',
      id: 'Hak diberikan untuk jangkauan dan waktu tertentu, dipinjamkan alih-alih dimiliki, dan dicabut bila tidak ada yang mempertanggungjawabkannya.',
    },
    kinds: ['access.grant.*', 'access.elevation.*', 'tokens.token.created', 'reviews.item.*', 'reviews.access.*'],
  },
  {
    id: 'AC-6(9)',
    title: { en: 'Logging the use of privileged functions', id: 'Pencatatan pemakaian fungsi istimewa' },
    helps: {
      en: 'Each privileged act is recorded with the grant that allowed it, its reason and its ticket.',
      id: 'Setiap tindakan istimewa dicatat beserta hak yang mengizinkannya, alasan, dan tiketnya.',
    },
    kinds: [
      'accounts.*',
      'people.*',
      'billing.*',
      'security-settings.*',
      'data-exports.*',
      'emergency.*',
      'access.grant.*',
      'access.staff.*',
      'gateway.records.*',
      'log.segment.*',
      'log.retention.*',
      'log.hold.*',
      'log.subject.*',
      'log.gap.*',
    ],
  },
  {
    id: 'AC-7',
    title: { en: 'Unsuccessful sign-ins', id: 'Upaya masuk yang gagal' },
    helps: {
      en: 'Each refused password, code, link or token is recorded with its address; floods are counted.',
      id: 'Setiap kata sandi, kode, tautan, atau token yang ditolak dicatat beserta alamatnya; serbuan dihitung.',
    },
    kinds: [
      'access.password.refused',
      'access.second-factor.refused',
      'access.step-up.refused',
      'access.enrolment.refused',
      'tokens.token.exchange-refused',
      'gateway.request.refused-often',
    ],
  },
  {
    id: 'AC-12',
    title: { en: 'Ending sessions', id: 'Pengakhiran sesi' },
    helps: {
      en: 'Each session that was ended before its time is recorded with what ended it.',
      id: 'Setiap sesi yang diakhiri sebelum waktunya dicatat beserta penyebabnya.',
    },
    kinds: ['access.session.*', 'people.session.ended', 'access.staff.disabled', 'access.password.changed', 'access.totp.replaced'],
  },
  {
    id: 'AU-2',
    title: { en: 'Choosing what to log', id: 'Pemilihan yang dicatat' },
    helps: {
      en: 'Kinds of event are declared in one catalogue beside the acts that cause them, so that one can see what is recorded.',
      id: 'Jenis peristiwa dinyatakan dalam satu katalog di samping tindakan penyebabnya, sehingga terlihat apa yang dicatat.',
    },
    kinds: 'every',
  },
  {
    id: 'AU-3',
    title: { en: 'Content of audit records', id: 'Isi catatan audit' },
    helps: {
      en: 'Each event says what happened, when, where, from which address, by whom, to what and how it ended.',
      id: 'Setiap peristiwa memuat apa yang terjadi, kapan, di mana, dari alamat mana, oleh siapa, terhadap apa, dan hasilnya.',
    },
    kinds: 'every',
  },
  {
    id: 'AU-5',
    title: { en: 'When logging fails', id: 'Ketika pencatatan gagal' },
    helps: {
      en: 'Loss of events, a failed verification, a failing stream and a store that fills up are told; changes are refused while the log cannot take them.',
      id: 'Kehilangan peristiwa, verifikasi gagal, aliran gagal, dan penyimpanan yang hampir penuh diberitahukan; perubahan ditolak selama log tidak dapat mencatatnya.',
    },
    kinds: ['log.gap.*', 'log.verification.ended', 'log.stream.*', 'log.store.level', 'gateway.job.failed'],
  },
  {
    id: 'AU-6',
    title: { en: 'Reviewing audit records', id: 'Peninjauan catatan audit' },
    helps: {
      en: 'Who read or exported the log is on the log, and so is each judgement on an emergency.',
      id: 'Siapa yang membaca atau mengekspor log tercatat, begitu pula setiap penilaian atas keadaan darurat.',
    },
    kinds: ['audit.*', 'assurance.*', 'log.verification.*', 'log.entries.read', 'emergency.break-glass.reviewed', 'emergency.break-glass.unreviewed', 'reviews.campaign.*'],
  },
  {
    id: 'AU-9',
    title: { en: 'Protecting audit information', id: 'Perlindungan informasi audit' },
    helps: {
      en: 'The log is signed and compared with what others have seen of it; each check, loss and reading is an event.',
      id: 'Log ditandatangani dan dibandingkan dengan yang dilihat pihak luar; setiap pemeriksaan, kehilangan, dan pembacaan adalah peristiwa.',
    },
    kinds: ['log.*', 'audit.*'],
  },
  {
    id: 'AU-10',
    title: { en: 'Non-repudiation', id: 'Nirsangkal' },
    helps: {
      en: 'An act is bound to a person, a session and, where it matters, to a fresh code for exactly this act.',
      id: 'Tindakan terikat pada orang, sesi, dan, bila penting, pada kode baru untuk tindakan itu saja.',
    },
    kinds: ['access.session.started', 'access.step-up.*', 'approvals.*', 'access.enrolment.completed'],
  },
  {
    id: 'AU-11',
    title: { en: 'Keeping audit records', id: 'Penyimpanan catatan audit' },
    helps: {
      en: 'Periods, holds and each removal of what had served its time are acts with events, and the removed is stated under signature.',
      id: 'Masa simpan, penahanan, dan setiap penghapusan yang habis masanya adalah tindakan dengan peristiwanya, dan yang dihapus dinyatakan dengan tanda tangan.',
    },
    kinds: ['log.segment.*', 'log.retention.*', 'log.hold.*'],
  },
  {
    id: 'AU-12',
    title: { en: 'Generating audit records', id: 'Pembuatan catatan audit' },
    helps: {
      en: 'An event commits together with its change or the change does not happen; starts and stops of the gateway frame them.',
      id: 'Peristiwa tersimpan bersama perubahannya atau perubahan itu tidak terjadi; awal dan akhir gerbang membingkainya.',
    },
    kinds: 'every',
  },
  {
    id: 'CM-3',
    title: { en: 'Controlling changes', id: 'Pengendalian perubahan' },
    helps: {
      en: 'Changes to settings are shown beforehand, approved where a rule says so, and kept with values before and after.',
      id: 'Perubahan pengaturan ditampilkan lebih dahulu, disetujui bila diwajibkan, dan disimpan beserta nilai sebelum dan sesudahnya.',
    },
    kinds: ['approvals.*', 'security-settings.*', 'accounts.limits.changed', 'tokens.signing-key.rotated', 'access.totp-key.rotated'],
  },
  {
    id: 'CM-5',
    title: { en: 'Restricting who may change', id: 'Pembatasan pelaku perubahan' },
    helps: {
      en: 'Who tried to change something without the right, the code or the second person is recorded.',
      id: 'Siapa yang mencoba mengubah tanpa hak, kode, atau orang kedua dicatat.',
    },
    kinds: ['approvals.*', 'access.step-up.*', 'access.field.refused', 'security-settings.*', 'accounts.*'],
  },
  {
    id: 'IA-2',
    title: { en: 'Identifying and authenticating our people', id: 'Identifikasi dan autentikasi petugas' },
    helps: {
      en: 'Each sign-in names one person and the two factors they proved, and so does each that failed.',
      id: 'Setiap proses masuk menyebut satu orang dan dua faktor yang dibuktikan, begitu pula yang gagal.',
    },
    kinds: ['access.password.*', 'access.second-factor.refused', 'access.session.started', 'access.recovery-code.used'],
  },
  {
    id: 'IA-5',
    title: { en: 'Managing authenticators', id: 'Pengelolaan autentikator' },
    helps: {
      en: 'Each password, authenticator, recovery code, link, token and key has its making, change and end on the log, never its value.',
      id: 'Setiap kata sandi, autentikator, kode pemulihan, tautan, token, dan kunci tercatat sejak dibuat hingga berakhir, tanpa nilainya.',
    },
    kinds: [
      'access.password.changed',
      'access.totp.*',
      'access.recovery-code.*',
      'access.recovery-codes.*',
      'access.enrolment.*',
      'access.staff.enrolment-renewed',
      'access.staff.enrolment-link-made',
      'tokens.token.*',
      'people.mfa.reset',
      'people.password.reset-sent',
      'security-settings.webhook.*',
    ],
  },
  {
    id: 'IA-8',
    title: { en: 'Identifying and authenticating people of others', id: 'Identifikasi dan autentikasi orang luar' },
    helps: {
      en: "What our staff did to the sign-in of a customer's people, or to who vouches for them, is recorded with its reason.",
      id: 'Tindakan petugas terhadap proses masuk orang pelanggan, atau terhadap penjaminnya, dicatat beserta alasannya.',
    },
    kinds: ['people.*', 'security-settings.sso.changed'],
  },
  {
    id: 'IA-11',
    title: { en: 'Authenticating again', id: 'Autentikasi ulang' },
    helps: {
      en: 'Each fresh code for an exact act is recorded, whether it was right or not.',
      id: 'Setiap kode baru untuk tindakan tertentu dicatat, benar atau salah.',
    },
    kinds: ['access.step-up.*'],
  },
  {
    id: 'IR-4',
    title: { en: 'Handling incidents', id: 'Penanganan insiden' },
    helps: {
      en: 'Emergency access and containment tell by the minute what was opened, closed, revoked or suspended.',
      id: 'Akses darurat dan penahanan menunjukkan menit demi menit apa yang dibuka, ditutup, dicabut, atau ditangguhkan.',
    },
    kinds: ['emergency.*', 'access.staff.disabled', 'access.grant.revoked', 'tokens.token.revoked', 'people.session.ended', 'accounts.tenant.*'],
  },
  {
    id: 'PS-4',
    title: { en: 'When somebody leaves', id: 'Ketika seseorang keluar' },
    helps: {
      en: 'Disabling a person leaves an event for each session, token, right and request that ended with it.',
      id: 'Menonaktifkan seseorang meninggalkan peristiwa untuk setiap sesi, token, hak, dan permintaan yang ikut berakhir.',
    },
    kinds: ['access.staff.disabled', 'access.session.ended', 'access.grant.revoked', 'tokens.token.revoked', 'approvals.request.cancelled'],
  },
  {
    id: 'SC-12',
    title: { en: 'Managing cryptographic keys', id: 'Pengelolaan kunci kriptografi' },
    helps: {
      en: 'Each change of a signing key, a key at rest or a shared secret is recorded without the key.',
      id: 'Setiap pergantian kunci tanda tangan, kunci penyimpanan, atau rahasia bersama dicatat tanpa kuncinya.',
    },
    kinds: ['tokens.signing-key.rotated', 'access.totp-key.rotated', 'log.key.*', 'security-settings.webhook.secret-rotated'],
  },
  {
    id: 'SI-4',
    title: { en: 'Monitoring the system', id: 'Pemantauan sistem' },
    helps: {
      en: 'Refusals, wide searches, reading of personal fields and exports can be watched as they happen.',
      id: 'Penolakan, pencarian luas, pembacaan kolom pribadi, dan ekspor dapat dipantau saat terjadi.',
    },
    kinds: ['gateway.*', 'access.personal-fields.read', 'access.field.refused', 'audit.*', 'log.stream.*', 'data-exports.*', 'tokens.token.exchanged'],
  },
  {
    id: 'SI-4(5)',
    title: { en: 'Alerts made by the system', id: 'Peringatan dari sistem' },
    helps: {
      en: 'Warnings are events, and whether the word of them was delivered is one too.',
      id: 'Peringatan adalah peristiwa, dan terkirim tidaknya kabar itu juga dicatat.',
    },
    kinds: [
      'jobs.message.*',
      'emergency.break-glass.unreviewed',
      'access.administration.ends-soon',
      'reviews.access.guarded',
      'log.gap.found',
      'log.stream.failing',
      'gateway.job.failed',
      'gateway.request.refused-often',
    ],
  },
];

export const nistControls: readonly Control[] = STATED.map((stated) => ({ ...stated, framework: 'NIST SP 800-53 Rev. 5' }));
