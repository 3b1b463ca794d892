import { useEffect, useRef, useState } from 'react';
import EmergencyIcon from '@mui/icons-material/NotificationImportantOutlined';
import DarkIcon from '@mui/icons-material/DarkModeOutlined';
import LightIcon from '@mui/icons-material/LightModeOutlined';
import SystemIcon from '@mui/icons-material/SettingsBrightnessOutlined';
import { Avatar, Box, Button, ButtonBase, Divider, Popover, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useLocaleState } from 'ra-core';
import { Link as RouterLink } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { showHidden } from '../fields/format.ts';
import { TimeText } from '../fields/time-text.tsx';
import { signOut } from '../gateway/authentication-calls.ts';
import { LOCALES } from '../language/i18n-provider.ts';
import { visuallyHidden } from '../fields/masked.tsx';
import { USE } from '../emergency/emergencies.ts';
import { MAIL } from '../mailbox/mails.ts';
import { useWords } from '../language/use-words.ts';
import { TIME_ZONES, useThemeChoice, useTimeZone, type ThemeChoice, type TimeZone } from '../preferences/use-preferences.ts';
import { zoneName } from '../fields/format.ts';

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => part.charAt(0))
    .join('')
    .toUpperCase();

function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: React.ReactNode; readonly name: string }[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 2, py: 0.5 }}>
      <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>{label}</Box>
      <ToggleButtonGroup exclusive size="small" aria-label={label} value={value} onChange={(_event, next: Value | null) => next && onChange(next)}>
        {options.map((option) => (
          <ToggleButton key={option.value} value={option.value} aria-label={option.name} title={option.name} sx={{ height: 28, px: 1, fontSize: '0.75rem', textTransform: 'none' }}>
            {option.label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </Box>
  );
}

/** A language is chosen in the open menu, and all that is drawn is drawn anew by it: the new menu opens where the old one stood. */
let staysOpen = false;

/** Who I am now, until when, and how I like to see things. */
export function PersonMenu({ openSheet }: { readonly openSheet: () => void }) {
  const { viewer, resource } = useModel();
  const words = useWords();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [locale, setLocale] = useLocaleState();
  useEffect(() => {
    if (!staysOpen) return;
    staysOpen = false;
    setAnchor(button.current);
  }, []);
  const [theme, setTheme] = useThemeChoice();
  const [zone, setZone] = useTimeZone();
  const close = (): void => setAnchor(null);
  const leave = (): void => {
    // Whatever the answer, nothing of this person stays in memory: the next page is a fresh load.
    void signOut()
      .catch(() => undefined)
      .finally(() => window.location.replace('/sign-in'));
  };
  const icon = (Icon: typeof DarkIcon) => <Icon aria-hidden sx={{ fontSize: 16 }} />;
  return (
    <>
      <ButtonBase
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ borderRadius: '6px', gap: 1, p: '3px', pr: { xs: '3px', lg: 1 } }}
      >
        <Avatar aria-hidden sx={(theme) => ({ width: 28, height: 28, fontSize: '0.75rem', fontWeight: 650, background: theme.tokens.accentSoft, color: theme.tokens.accent })}>
          {initials(viewer.displayName)}
        </Avatar>
        <Box component="span" sx={[{ fontSize: '0.8125rem', fontWeight: 550 }, (theme) => ({ [theme.breakpoints.down('lg')]: visuallyHidden })]}>
          {showHidden(viewer.displayName)}
        </Box>
        <Box component="span" sx={visuallyHidden}>
          {words('person.menu')}
        </Box>
      </ButtonBase>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={close}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': words('profile.title'), sx: { width: 360, maxWidth: 'calc(100vw - 16px)', p: 2, mt: 0.75 } } }}
      >
        <Box sx={{ fontWeight: 600 }}>{showHidden(viewer.displayName)}</Box>
        <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary', overflowWrap: 'anywhere' }}>{viewer.email}</Box>
        <Box sx={{ fontSize: '0.75rem', color: 'text.secondary', mt: 0.5 }}>
          {words('person.sessionEnds')} <TimeText iso={viewer.session.expiresAt} />
        </Box>
        <Divider sx={{ my: 1.25 }} />
        <Choice
          label={words('person.language')}
          value={locale}
          onChange={(next) => {
            staysOpen = true;
            setLocale(next);
          }}
          options={LOCALES.map((item) => ({ value: item.locale as string, label: item.locale.toUpperCase(), name: item.name }))}
        />
        <Choice<ThemeChoice>
          label={words('person.theme')}
          value={theme}
          onChange={setTheme}
          options={[
            { value: 'light', label: icon(LightIcon), name: words('theme.light') },
            { value: 'dark', label: icon(DarkIcon), name: words('theme.dark') },
            { value: 'system', label: icon(SystemIcon), name: words('theme.system') },
          ]}
        />
        <Choice<TimeZone> label={words('person.timeZone')} value={zone} onChange={setZone} options={TIME_ZONES.map((name) => ({ value: name, label: zoneName(name), name }))} />
        <Divider sx={{ my: 1.25 }} />
        <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 1, mb: 1 }}>
          <Button component={RouterLink} to="/my-access" variant="outlined" color="inherit" onClick={close}>
            {words('mine.title')}
          </Button>
          {resource(MAIL) ? (
            <Button component={RouterLink} to="/mailbox" variant="outlined" color="inherit" onClick={close}>
              {words('mail.title')}
            </Button>
          ) : null}
          <Button component={RouterLink} to="/profile" variant="outlined" color="inherit" onClick={close}>
            {words('profile.title')}
          </Button>
          <Button
            variant="outlined"
            color="inherit"
            onClick={() => {
              close();
              openSheet();
            }}
          >
            {words('shortcuts.title')}
          </Button>
          {resource(USE) ? (
            <Button
              component={RouterLink}
              to="/break-glass"
              variant="outlined"
              color="error"
              startIcon={<EmergencyIcon />}
              onClick={close}
              sx={{ gridColumn: '1 / -1', borderStyle: 'dashed' }}
            >
              {words('emergency.title')}
            </Button>
          ) : null}
        </Box>
        <Box sx={{ display: 'flex', justifyContent: 'flex-end' }}>
          <Button color="inherit" onClick={leave}>
            {words('person.signOut')}
          </Button>
        </Box>
      </Popover>
    </>
  );
}
