/** Pickers of the action form, and the signs of a permission. */
export const inputsEn = {
  'pick.type': 'Type to search',
  'pick.none': 'No %{things} found',
  'pick.noPermission': 'No such permission',
  'pick.most': 'At most %{count}.',
  'check.fewest': 'Choose at least %{bound}.',
  'check.most': 'Choose at most %{bound}.',
  'axis.write': 'Changes',
  'axis.global': 'Everywhere only',
  'axis.privileged': 'Privileged',
  'changes.value': 'Value',
  'action.open': 'Open %{title}',
  'list.acts': 'New',
  'chips.more': '+%{count} more',
} as const;
