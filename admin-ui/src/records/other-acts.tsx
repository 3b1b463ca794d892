import { useState } from 'react';
import { Box, Button, Menu, MenuItem } from '@mui/material';
import type { CatalogueAction, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { useWords } from '../language/use-words.ts';
import { useAsking } from '../roles/ask-for.ts';
import { MONO } from '../theme/theme.ts';

/** Acts on this record that the viewer lacks the right to, each with the way to ask for it. */
export function OtherActs({ resource, record }: { readonly resource: CatalogueResource; readonly record: GatewayRecord }) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const asking = useAsking();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (!asking) return null;
  const tenantId = record.tenantId ?? (resource.name === model.tenant?.name ? record.id : null);
  const lacking = resource.actions
    .flatMap((name) => model.action(name) ?? [])
    .filter((action) => !action.creates && !model.holdsAt(action.permission, tenantId) && asking.lendable.has(action.permission));
  if (lacking.length === 0) return null;
  const ask = (action: CatalogueAction): void => {
    setAnchor(null);
    asking.ask({ permission: action.permission, tenantId });
  };
  return (
    <>
      <Button
        color="inherit"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        title={words('ask.more.help')}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ color: 'text.secondary' }}
      >
        {words('ask.more')}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)} slotProps={{ list: { 'aria-label': words('ask.more.help') } }}>
        {lacking.map((action) => (
          <MenuItem key={action.name} onClick={() => ask(action)} data-ask={action.permission} sx={{ whiteSpace: 'normal', display: 'block' }}>
            {text(action.label)} · {words('ask.act')}
            <Box component="span" sx={{ display: 'block', fontFamily: MONO, fontSize: '0.6875rem', color: 'text.secondary' }}>
              {words('field.needs', { permission: action.permission })}
            </Box>
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
