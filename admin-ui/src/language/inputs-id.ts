/** Pemilih pada formulir tindakan, dan tanda-tanda izin. */
export const inputsId = {
  'pick.type': 'Ketik untuk mencari',
  'pick.none': 'Tidak ada %{things} yang cocok',
  'pick.noPermission': 'Tidak ada izin seperti itu',
  'pick.most': 'Paling banyak %{count}.',
  'check.fewest': 'Pilih paling sedikit %{bound}.',
  'check.most': 'Pilih paling banyak %{bound}.',
  'axis.write': 'Mengubah',
  'axis.global': 'Hanya di semua tempat',
  'axis.privileged': 'Istimewa',
  'changes.value': 'Nilai',
  'action.open': 'Buka %{title}',
  'list.acts': 'Baru',
  'chips.more': '+%{count} lagi',
} as const;
