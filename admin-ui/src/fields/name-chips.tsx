import { Box, Chip } from '@mui/material';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { useWords } from '../language/use-words.ts';
import { showHidden } from './format.ts';
import { useTitles } from './titles.ts';

/** Chips shown in a narrow cell. */
const FEW = 2;

/** A list of names: permissions by their label, tenants by their title, others as they are. */
export function NameChips({ names, field, dense }: { readonly names: readonly string[]; readonly field: string; readonly dense: boolean }) {
  const { catalogue, tenant } = useModel();
  const text = useText();
  const words = useWords();
  const tenants = tenant !== null && field === 'tenantIds';
  const shown = dense ? names.slice(0, FEW) : names;
  const titles = useTitles(tenants ? [{ resource: tenant.name, ids: shown }] : []);
  const label = (name: string): string => {
    if (tenants) return titles(tenant.name, name);
    const permission = catalogue.permissions.find((item) => item.name === name);
    return permission ? text(permission.label) : showHidden(name);
  };
  if (names.length === 0) return <span aria-hidden>—</span>;
  return (
    <Box component="span" sx={{ display: 'inline-flex', flexWrap: dense ? 'nowrap' : 'wrap', gap: 0.5, alignItems: 'center' }}>
      {shown.map((name) => (
        <Chip key={name} size="small" variant="outlined" label={label(name)} title={name} sx={{ maxWidth: dense ? 160 : '100%' }} />
      ))}
      {names.length > shown.length ? (
        <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.75rem', whiteSpace: 'nowrap' }}>
          {words('chips.more', { count: names.length - shown.length })}
        </Box>
      ) : null}
    </Box>
  );
}
