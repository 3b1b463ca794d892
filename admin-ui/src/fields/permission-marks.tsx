import EditIcon from '@mui/icons-material/EditOutlined';
import GlobalIcon from '@mui/icons-material/PublicOutlined';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import { Box, Tooltip } from '@mui/material';
import type { CataloguePermission } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useWords } from '../language/use-words.ts';
import { visuallyHidden } from './masked.tsx';

/** The three axes of a permission as signs, said in words to whoever hears or hovers: changes, everywhere, privileged. */
export function PermissionMarks({ permission }: { readonly permission: CataloguePermission }) {
  const words = useWords();
  const marks = [
    permission.effect === 'write' ? { Icon: EditIcon, name: words('axis.write'), grave: false } : null,
    permission.reach === 'global' ? { Icon: GlobalIcon, name: words('axis.global'), grave: false } : null,
    permission.tier === 'privileged' ? { Icon: ShieldIcon, name: words('axis.privileged'), grave: true } : null,
  ].filter((mark) => mark !== null);
  return (
    <Box component="span" sx={{ display: 'inline-flex', gap: '3px', flex: 'none', verticalAlign: 'middle' }}>
      {marks.map(({ Icon, name, grave }) => (
        <Tooltip key={name} title={name}>
          <Box component="span" sx={(theme) => ({ display: 'inline-flex', color: grave ? theme.tokens.warning : theme.tokens.quiet })}>
            <Icon aria-hidden sx={{ fontSize: 14 }} />
            <Box component="span" sx={visuallyHidden}>
              {name}
            </Box>
          </Box>
        </Tooltip>
      ))}
    </Box>
  );
}
