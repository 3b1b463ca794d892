import { useEffect, useRef, useState } from 'react';
import EmergencyIcon from '@mui/icons-material/NotificationImportantOutlined';
import { Box, Button, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { ActionDialog } from '../actions/action-dialog.tsx';
import { useModel } from '../catalogue/console-context.tsx';
import { TimeLeft, useTimeLeft } from '../feedback/time-left.tsx';
import { useWords } from '../language/use-words.ts';
import { announceHere } from '../live/live.ts';
import { END } from './emergencies.ts';

/** How far the frame's own bars stand below the top of the window while the banner is there. */
const HEIGHT = '--emergency-height';

/**
 * Stands over every page while an emergency is in force in this session, on paper too, and can't be put away: only the end of
 * the emergency takes it down, as the gateway tells it.
 */
export function EmergencyBanner() {
  const { viewer, action, resource } = useModel();
  const words = useWords();
  const { breakGlass } = viewer;
  const [ending, setEnding] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const left = useTimeLeft(breakGlass?.expiresAt ?? null);
  const over = breakGlass !== null && left === 0;
  // By our clock it should have ended: the gateway knows.
  useEffect(() => {
    if (!over) return undefined;
    const timer = setTimeout(() => announceHere('viewer'), 1500);
    return () => clearTimeout(timer);
  }, [over]);
  const shown = breakGlass !== null;
  useEffect(() => {
    const node = bar.current;
    const root = document.documentElement.style;
    if (!node) return undefined;
    const observer = new ResizeObserver(() => root.setProperty(HEIGHT, `${node.offsetHeight}px`));
    observer.observe(node);
    return () => {
      observer.disconnect();
      root.removeProperty(HEIGHT);
    };
  }, [shown]);
  if (!breakGlass) return null;
  const end = action(END);
  const uses = end ? resource(end.resource) : undefined;
  return (
    <Box
      ref={bar}
      role="region"
      aria-label={words('emergency.banner')}
      data-emergency={breakGlass.id}
      sx={(theme) => ({
        gridColumn: '1 / -1',
        position: 'sticky',
        top: 0,
        zIndex: theme.zIndex.appBar + 1,
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        columnGap: 1.5,
        rowGap: 0.5,
        px: { xs: 1.5, sm: 3 },
        py: 0.75,
        fontSize: '0.8125rem',
        color: '#ffffff',
        background: '#9b1c15',
        borderBottom: '4px solid transparent',
        borderImage: 'repeating-linear-gradient(135deg, #ffffff 0 10px, #5c0f0b 10px 20px) 4',
        printColorAdjust: 'exact',
        '@media print': { position: 'static' },
      })}
    >
      <EmergencyIcon aria-hidden sx={{ fontSize: 20 }} />
      <Box component="strong" sx={{ fontWeight: 700 }}>
        {words('emergency.banner')}
      </Box>
      <Box component="span" sx={{ flex: '1 1 220px', display: { xs: 'none', sm: 'block' } }}>
        {words('emergency.banner.help')}
      </Box>
      <Box component="span" sx={{ whiteSpace: 'nowrap' }}>
        {words('emergency.banner.left')} <TimeLeft iso={breakGlass.expiresAt} announce />
      </Box>
      <Link component={RouterLink} to={`/break-glass/${breakGlass.id}`} className="no-print" sx={{ color: 'inherit', textDecorationColor: 'inherit' }} underline="always">
        {words('emergency.banner.look')}
      </Link>
      {end && uses ? (
        <Button
          className="no-print"
          variant="outlined"
          onClick={(event) => event.detail < 2 && setEnding(true)}
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          sx={{
            color: '#ffffff',
            borderColor: '#ffffff',
            '&:hover': { borderColor: '#ffffff', background: 'rgb(255 255 255 / 16%)' },
            '&:focus-visible': { outlineColor: '#ffffff' },
          }}
        >
          {words('emergency.banner.end')}
        </Button>
      ) : null}
      {ending && end && uses ? (
        <ActionDialog
          action={end}
          resource={uses}
          record={{ id: breakGlass.id }}
          onClose={(done) => {
            setEnding(false);
            if (done) announceHere('viewer');
          }}
        />
      ) : null}
    </Box>
  );
}
