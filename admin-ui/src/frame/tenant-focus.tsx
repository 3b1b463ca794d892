import { useEffect, useState } from 'react';
import CloseIcon from '@mui/icons-material/Close';
import ExpandIcon from '@mui/icons-material/UnfoldMore';
import { Box, ButtonBase, IconButton, MenuItem, MenuList, Popover, TextField, Tooltip } from '@mui/material';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf, isPersonal } from '../catalogue/console-model.ts';
import { showHidden } from '../fields/format.ts';
import { sendDocument } from '../gateway/send-request.ts';
import { useWords } from '../language/use-words.ts';
import { useFocusedTenant, type FocusedTenant } from './use-focused-tenant.ts';

/** Chooses the one tenant that lists are narrowed to. */
export function TenantFocus() {
  const { tenant, holds } = useModel();
  const text = useText();
  const words = useWords();
  const [focused, setFocused] = useFocusedTenant();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<readonly FocusedTenant[]>([]);
  const title = tenant ? fieldOf(tenant, tenant.title) : undefined;
  const usable = tenant !== null && holds(tenant.permission) && title !== undefined && holds(title.permission) && !isPersonal(title);
  useEffect(() => {
    if (!anchor || !tenant || !title) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const document = `query Tenants($filter: ${tenant.typeName}Filter) { list: ${tenant.plural}(filter: $filter, first: 8) { nodes { id title: ${title.name} } } }`;
      sendDocument<{ list: { nodes: { id: string; title: string | null }[] } }>(document, { filter: typed.trim() ? { search: typed.trim() } : {} }, { signal: abort.signal }).then(
        (answer) => setFound(answer.data.list.nodes.map((node) => ({ id: node.id, title: node.title ?? node.id }))),
        () => undefined,
      );
    }, 180);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [anchor, typed, tenant, title]);
  if (!usable) return null;
  const choose = (next: FocusedTenant | null): void => {
    setFocused(next);
    setAnchor(null);
    setTyped('');
  };
  const all = words('focus.all', { tenants: text(tenant.labelPlural).toLowerCase() });
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', minWidth: 0 }}>
      <Tooltip title={words('focus.help')}>
        <ButtonBase
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          aria-label={words('focus.label', { tenant: focused ? focused.title : all })}
          onClick={(event) => setAnchor(event.currentTarget)}
          sx={(theme) => ({
            height: 30,
            px: 1,
            gap: 0.5,
            minWidth: 0,
            borderRadius: '6px',
            fontSize: '0.8125rem',
            fontWeight: focused ? 600 : 450,
            color: focused ? theme.tokens.accent : theme.tokens.quiet,
            background: focused ? theme.tokens.accentSoft : 'transparent',
            '&:hover': { background: focused ? theme.tokens.accentSoft : theme.tokens.neutralSoft },
          })}
        >
          <Box component="span" sx={{ maxWidth: { xs: 92, sm: 220 }, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {focused ? showHidden(focused.title) : all}
          </Box>
          <ExpandIcon aria-hidden sx={{ fontSize: 15 }} />
        </ButtonBase>
      </Tooltip>
      {focused ? (
        <IconButton aria-label={words('focus.clear')} onClick={() => choose(null)}>
          <CloseIcon sx={{ fontSize: 15 }} />
        </IconButton>
      ) : null}
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': words('focus.help'), sx: { width: 320, maxWidth: 'calc(100vw - 16px)', p: 1.5, mt: 0.75 } } }}
      >
        <TextField
          autoFocus
          label={words('focus.search', { tenant: text(tenant.label).toLowerCase() })}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
        <MenuList dense aria-label={text(tenant.labelPlural)} sx={{ pb: 0 }}>
          <MenuItem onClick={() => choose(null)} selected={!focused}>
            {all}
          </MenuItem>
          {found.map((item) => (
            <MenuItem key={item.id} onClick={() => choose(item)} selected={focused?.id === item.id} sx={{ whiteSpace: 'normal' }}>
              {showHidden(item.title)}
            </MenuItem>
          ))}
        </MenuList>
      </Popover>
    </Box>
  );
}
