import EmergencyIcon from '@mui/icons-material/NotificationImportantOutlined';
import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { PermissionMarks } from '../fields/permission-marks.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { useWords } from '../language/use-words.ts';
import { openedModules } from './emergencies.ts';

/** What it is, before anybody takes it. Looks like nothing else here. */
export function EmergencyRules({ children }: { readonly children: ReactNode }) {
  const { catalogue } = useModel();
  const words = useWords();
  const settings = catalogue.modules.find((module) => module.name === 'emergency')?.settings;
  const minutes = Number(settings?.['breakGlassLongestMinutes'] ?? 30);
  return (
    <Box
      component="section"
      aria-labelledby="emergency-what"
      sx={(theme) => ({ border: `2px solid ${theme.tokens.bad}`, borderRadius: '8px', overflow: 'hidden', background: theme.tokens.paper })}
    >
      <Box aria-hidden sx={(theme) => ({ height: 8, background: `repeating-linear-gradient(135deg, ${theme.tokens.bad} 0 14px, ${theme.tokens.badSoft} 14px 28px)` })} />
      <Box sx={{ p: { xs: 2, sm: 2.5 } }}>
        <Typography variant="h2" id="emergency-what" sx={(theme) => ({ display: 'flex', gap: 1, alignItems: 'center', color: theme.tokens.bad, fontSize: '1rem' })}>
          <EmergencyIcon aria-hidden sx={{ fontSize: 22 }} />
          {words('emergency.warning')}
        </Typography>
        <Box component="ul" sx={{ m: 0, mt: 1.25, mb: 2, pl: 2.5, display: 'grid', gap: 0.5 }}>
          <li>{words('emergency.rule.atOnce', { minutes })}</li>
          <li>{words('emergency.rule.told')}</li>
          <li>{words('emergency.rule.flag')}</li>
          <li>{words('emergency.rule.review')}</li>
          <li>{words('emergency.rule.not')}</li>
        </Box>
        {children}
      </Box>
    </Box>
  );
}

/** What an emergency opens, by module; what the viewer holds anyway says so. */
export function OpenedByEmergency() {
  const model = useModel();
  const text = useText();
  const words = useWords();
  // While one is in force, everything that it opens is held: that says nothing.
  const tells = model.viewer.breakGlass === null;
  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      {openedModules(model).map(({ module, permissions }) => (
        <Box component="details" key={module.name} sx={(theme) => ({ borderBottom: `1px solid ${theme.tokens.line}`, py: 0.75, '& > summary': { cursor: 'pointer' } })}>
          <summary>
            <Box component="span" sx={{ fontWeight: 600 }}>
              {text(module.label)}
            </Box>{' '}
            <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
              {words('emergency.opens.count', { smart_count: permissions.length })}
            </Box>
          </summary>
          <Box component="ul" sx={{ m: 0, mt: 0.75, pl: 2.5, display: 'grid', gap: 0.5, fontSize: '0.8125rem' }}>
            {permissions.map((permission) => (
              <li key={permission.name} title={permission.name}>
                {text(permission.label)} <PermissionMarks permission={permission} />{' '}
                {tells && model.holds(permission.name) ? <StateChip label={words('emergency.opens.held')} tone="neutral" /> : null}
              </li>
            ))}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
