import type { Control } from './control.ts';

type Stated = Omit<Control, 'framework'>;

/** Annex A of ISO/IEC 27001:2022, in its own order. */
const STATED: readonly Stated[] = [
  {
    id: 'A.5.3',
    title: { en: 'Segregation of duties', id: 'Pemisahan tugas' },
    helps: {
      en: 'Request, approval and act stand side by side, so that one sees that two people were needed.',
      id: 'Permintaan, persetujuan, dan tindakan berdampingan, sehingga terlihat bahwa diperlukan dua orang.',
    },
    kinds: ['approvals.*', 'access.staff.linked', 'emergency.break-glass.reviewed'],
  },
  {
    id: 'A.5.15',
    title: { en: 'Access control', id: 'Pengendalian akses' },
    helps: {
      en: 'Each event names the policy in force and the permission asked for; what it refused is recorded.',
      id: 'Setiap peristiwa menyebut kebijakan yang berlaku dan izin yang diminta; yang ditolak dicatat.',
    },
    kinds: ['gateway.request.*', 'access.field.refused', 'access.session.end-refused', 'access.grant.*', 'access.elevation.*', 'tokens.token.*'],
  },
  {
    id: 'A.5.16',
    title: { en: 'Managing identities', id: 'Pengelolaan identitas' },
    helps: {
      en: "An identity's whole life, from invitation to the end of the account, can be read in order.",
      id: 'Seluruh riwayat identitas, dari undangan hingga akun berakhir, dapat dibaca berurutan.',
    },
    kinds: ['access.staff.*', 'access.enrolment.*', 'security-settings.sso.changed'],
  },
  {
    id: 'A.5.17',
    title: { en: 'Authentication information', id: 'Informasi autentikasi' },
    helps: {
      en: 'Issue, change and withdrawal of credentials are recorded, never the credentials.',
      id: 'Penerbitan, perubahan, dan penarikan kredensial dicatat, bukan kredensialnya.',
    },
    kinds: [
      'access.password.changed',
      'access.totp.*',
      'access.recovery-code.*',
      'access.recovery-codes.*',
      'access.enrolment.*',
      'access.staff.enrolment-*',
      'tokens.token.*',
      'people.mfa.reset',
      'people.password.reset-sent',
      'security-settings.webhook.*',
    ],
  },
  {
    id: 'A.5.18',
    title: { en: 'Access rights', id: 'Hak akses' },
    helps: {
      en: 'Giving, reviewing and taking of each right is recorded with reason, approver and end.',
      id: 'Pemberian, peninjauan, dan pencabutan setiap hak dicatat beserta alasan, pemberi persetujuan, dan batas waktunya.',
    },
    kinds: ['access.grant.*', 'access.elevation.*', 'access.administration.*', 'reviews.*'],
  },
  {
    id: 'A.5.25',
    title: { en: 'Assessing security events', id: 'Penilaian peristiwa keamanan' },
    helps: {
      en: 'Each use of emergency access is judged by somebody else, and the judgement is an event.',
      id: 'Setiap pemakaian akses darurat dinilai orang lain, dan penilaiannya adalah peristiwa.',
    },
    kinds: ['emergency.break-glass.reviewed', 'emergency.break-glass.unreviewed', 'gateway.request.refused-often'],
  },
  {
    id: 'A.5.26',
    title: { en: 'Responding to incidents', id: 'Tanggapan terhadap insiden' },
    helps: {
      en: 'What was done to contain an incident is kept in order, with times of the database.',
      id: 'Tindakan penahanan insiden tersimpan berurutan, dengan waktu basis data.',
    },
    kinds: ['emergency.*', 'access.staff.disabled', 'access.session.ended', 'tokens.token.revoked', 'accounts.tenant.suspended', 'people.session.ended'],
  },
  {
    id: 'A.5.28',
    title: { en: 'Collecting evidence', id: 'Pengumpulan bukti' },
    helps: {
      en: 'Canonical events with proofs let a stranger check that nothing was altered or left out; exports are recorded.',
      id: 'Peristiwa kanonis beserta buktinya dapat diperiksa pihak luar bahwa tidak ada yang diubah atau dihilangkan; ekspor dicatat.',
    },
    kinds: 'every',
  },
  {
    id: 'A.5.33',
    title: { en: 'Protecting records', id: 'Perlindungan catatan' },
    helps: {
      en: 'Records are only ever appended and signed; who looked at them, took a copy or verified them is recorded.',
      id: 'Catatan hanya ditambahkan dan ditandatangani; siapa yang melihat, menyalin, atau memverifikasinya dicatat.',
    },
    kinds: ['audit.*', 'assurance.*', 'log.*'],
  },
  {
    id: 'A.5.34',
    title: { en: 'Privacy and personal data', id: 'Privasi dan data pribadi' },
    helps: {
      en: 'It can be told whose personal fields were read, by whom and for which case, without repeating their values.',
      id: 'Dapat diketahui kolom pribadi siapa yang dibaca, oleh siapa, dan untuk kasus apa, tanpa mengulang nilainya.',
    },
    kinds: ['access.personal-fields.read', 'gateway.records.*', 'data-exports.*', 'people.*', 'log.subject.erased', 'log.erasure.repeated'],
  },
  {
    id: 'A.6.5',
    title: { en: 'Duties after employment ends or changes', id: 'Kewajiban setelah hubungan kerja berakhir atau berubah' },
    helps: {
      en: "It can be shown when a leaver's access ended, and with what.",
      id: 'Dapat ditunjukkan kapan akses orang yang keluar berakhir, dan apa saja yang ikut berakhir.',
    },
    kinds: ['access.staff.disabled', 'access.grant.revoked', 'access.session.ended', 'tokens.token.revoked'],
  },
  {
    id: 'A.8.2',
    title: { en: 'Privileged access rights', id: 'Hak akses istimewa' },
    helps: {
      en: 'Privileged access is lent for minutes, with a reason and mostly a second person, and each use is recorded.',
      id: 'Akses istimewa dipinjamkan untuk hitungan menit, dengan alasan dan umumnya orang kedua, dan setiap pemakaian dicatat.',
    },
    kinds: ['access.elevation.*', 'emergency.*', 'access.grant.*', 'access.administration.*', 'approvals.*'],
  },
  {
    id: 'A.8.3',
    title: { en: 'Restricting access to information', id: 'Pembatasan akses informasi' },
    helps: {
      en: 'Which fields and lists were refused to whom is recorded, as is what was read of personal ones.',
      id: 'Kolom dan daftar yang ditolak serta bagi siapa dicatat, begitu pula kolom pribadi yang dibaca.',
    },
    kinds: ['access.field.refused', 'access.personal-fields.read', 'gateway.records.*', 'gateway.request.refused', 'audit.events.*'],
  },
  {
    id: 'A.8.5',
    title: { en: 'Secure authentication', id: 'Autentikasi yang aman' },
    helps: {
      en: 'Right and wrong passwords, codes and confirmations are recorded with address and person.',
      id: 'Kata sandi, kode, dan konfirmasi, benar maupun salah, dicatat beserta alamat dan orangnya.',
    },
    kinds: ['access.password.*', 'access.second-factor.refused', 'access.session.started', 'access.step-up.*', 'access.recovery-code.used', 'tokens.token.exchange*'],
  },
  {
    id: 'A.8.10',
    title: { en: 'Deleting information', id: 'Penghapusan informasi' },
    helps: {
      en: "Erasing somebody's personal values, and removing what has served its time, leave events and let every proof stand.",
      id: 'Penghapusan nilai pribadi seseorang dan penghapusan yang habis masa simpannya meninggalkan peristiwa, dan setiap bukti tetap sah.',
    },
    kinds: ['log.subject.erased', 'log.erasure.repeated', 'log.segment.pruned', 'people.person.erased'],
  },
  {
    id: 'A.8.12',
    title: { en: 'Preventing leaks of data', id: 'Pencegahan kebocoran data' },
    helps: {
      en: 'Every way in which much data leaves at once is an act of its own with an event.',
      id: 'Setiap cara keluarnya banyak data sekaligus adalah tindakan tersendiri dengan peristiwanya.',
    },
    kinds: ['data-exports.*', 'audit.events.exported', 'audit.export.ended', 'audit.evidence.*', 'log.entries.read', 'gateway.records.*'],
  },
  {
    id: 'A.8.15',
    title: { en: 'Logging', id: 'Pencatatan log' },
    helps: {
      en: 'Acts, refusals, failures and readings are recorded, kept against change and open to analysis.',
      id: 'Tindakan, penolakan, kegagalan, dan pembacaan dicatat, dilindungi dari perubahan, dan dapat dianalisis.',
    },
    kinds: 'every',
  },
  {
    id: 'A.8.16',
    title: { en: 'Monitoring activities', id: 'Kegiatan pemantauan' },
    helps: {
      en: 'What is out of the ordinary has kinds of its own, and a stream can watch them.',
      id: 'Hal yang tidak lazim memiliki jenis peristiwa sendiri, dan dapat dipantau lewat aliran.',
    },
    kinds: [
      'gateway.*',
      'log.gap.found',
      'log.stream.*',
      'log.verification.ended',
      'access.administration.*',
      'emergency.break-glass.unreviewed',
      'reviews.access.guarded',
      'jobs.message.*',
    ],
  },
  {
    id: 'A.8.24',
    title: { en: 'Use of cryptography', id: 'Penggunaan kriptografi' },
    helps: {
      en: 'Each change of a key or secret is recorded with its time, never with its value.',
      id: 'Setiap pergantian kunci atau rahasia dicatat beserta waktunya, tanpa nilainya.',
    },
    kinds: ['tokens.signing-key.rotated', 'access.totp-key.rotated', 'log.key.*', 'security-settings.webhook.secret-rotated'],
  },
  {
    id: 'A.8.32',
    title: { en: 'Managing changes', id: 'Pengelolaan perubahan' },
    helps: {
      en: 'A change to what customers depend on shows who asked, who approved, and values before and after.',
      id: 'Perubahan atas hal yang diandalkan pelanggan menunjukkan pemohon, pemberi persetujuan, serta nilai sebelum dan sesudahnya.',
    },
    kinds: ['approvals.*', 'security-settings.*', 'accounts.*', 'billing.*'],
  },
];

export const isoControls: readonly Control[] = STATED.map((stated) => ({ ...stated, framework: 'ISO/IEC 27001:2022' }));
