import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import type { ReactNode } from 'react';
import { formatDecimal, formatDuration, showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { Nothing } from '../feedback/section.tsx';
import { en, type MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { MONO } from '../theme/theme.ts';
import { objectingKind, useAnchorName } from './anchor-words.ts';
import type { BrowserMemory } from './browser-memory.ts';
import { BrowserRow } from './browser-witness.tsx';
import type { LogAnchor, LogState, LogStream } from './log-state.ts';

const Scroll = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Box tabIndex={0} role="group" aria-label={label} sx={{ overflowX: 'auto', mx: -1.5 }}>
    <Table size="small" aria-label={label} sx={{ '& td, & th': { overflowWrap: 'break-word' } }}>
      {children}
    </Table>
  </Box>
);

const Since = ({ iso, problem }: { readonly iso: string; readonly problem: string | null }) => (
  <Box sx={{ color: 'text.secondary' }}>
    <TimeText iso={iso} relative />
    {problem ? <Reason problem={problem} /> : null}
  </Box>
);

/** Why a place was not reached: in words where this console has them, else as the gateway calls it. */
function Reason({ problem }: { readonly problem: string }) {
  const words = useWords();
  const key = `integrity.reason.${problem}`;
  return Object.hasOwn(en, key) ? (
    <Box data-reason={problem}>{words(key as MessageKey)}</Box>
  ) : (
    <>
      {' · '}
      <Box component="code" sx={{ fontFamily: MONO, fontSize: '0.75rem' }}>
        {showHidden(problem)}
      </Box>
    </>
  );
}

/** Who outside of the database keeps checkpoints, and how far each has come; this browser is one of them. */
export function Anchors({ log, memory }: { readonly log: LogState; readonly memory: BrowserMemory | undefined }) {
  const words = useWords();
  const objecting = objectingKind(log);
  if (log.anchors.length === 0 && !memory) return <Nothing>{words('integrity.anchors.none')}</Nothing>;
  return (
    <Scroll label={words('integrity.anchors')}>
      <TableHead>
        <TableRow>
          <TableCell>{words('integrity.place')}</TableCell>
          <TableCell>{words('integrity.state')}</TableCell>
          <TableCell align="right">{words('integrity.hasSeen')}</TableCell>
          <TableCell>{words('integrity.lastAt')}</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {log.anchors.map((anchor) => (
          <AnchorRow key={anchor.name} anchor={anchor} objects={anchor.kind === objecting ? log.seenSize : null} />
        ))}
        {memory ? <BrowserRow memory={memory} /> : null}
      </TableBody>
    </Scroll>
  );
}

/** @param objects entries that the place has seen, where what it has seen is not in the database. */
function AnchorRow({ anchor, objects }: { readonly anchor: LogAnchor; readonly objects: number | null }) {
  const words = useWords();
  const locale = useFormatLocale();
  const name = useAnchorName();
  const failing = anchor.failingSince !== null;
  return (
    <TableRow data-anchor={anchor.name}>
      <TableCell component="th" scope="row" sx={{ fontWeight: 550 }}>
        {name(anchor.kind)}
      </TableCell>
      <TableCell>
        {objects === null ? (
          <StateChip tone={failing ? 'warning' : 'good'} label={words(failing ? 'integrity.failing' : 'integrity.reached')} />
        ) : (
          <StateChip tone="bad" label={words('integrity.objects')} />
        )}
        {anchor.failingSince ? <Since iso={anchor.failingSince} problem={anchor.problem} /> : null}
      </TableCell>
      <TableCell align="right" className="figures">
        {objects !== null ? formatDecimal(String(objects), locale) : anchor.lastSize === null ? '—' : formatDecimal(String(anchor.lastSize), locale)}
      </TableCell>
      <TableCell>{anchor.lastAt ? <TimeText iso={anchor.lastAt} relative /> : '—'}</TableCell>
    </TableRow>
  );
}

/** Where every event is sent, and how far each receiver has come. */
export function Streams({ streams }: { readonly streams: readonly LogStream[] }) {
  const words = useWords();
  if (streams.length === 0) return <Nothing>{words('integrity.streams.none')}</Nothing>;
  return (
    <Scroll label={words('integrity.streams')}>
      <TableHead>
        <TableRow>
          <TableCell>{words('integrity.receiver')}</TableCell>
          <TableCell>{words('integrity.state')}</TableCell>
          <TableCell align="right">{words('integrity.hasReceived')}</TableCell>
          <TableCell>{words('integrity.lag')}</TableCell>
          <TableCell>{words('integrity.lastAt')}</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {streams.map((stream) => (
          <StreamRow key={stream.name} stream={stream} />
        ))}
      </TableBody>
    </Scroll>
  );
}

function StreamRow({ stream }: { readonly stream: LogStream }) {
  const words = useWords();
  const locale = useFormatLocale();
  const good = stream.failingSince === null && stream.served;
  return (
    <TableRow data-stream={stream.name}>
      <TableCell component="th" scope="row">
        <Box sx={{ fontWeight: 550 }}>{showHidden(stream.destination)}</Box>
        <Box sx={{ color: 'text.secondary', fontWeight: 400 }}>
          {stream.kind} · {stream.format}
        </Box>
      </TableCell>
      <TableCell>
        <StateChip tone={good ? 'good' : 'warning'} label={words(stream.failingSince ? 'integrity.failing' : stream.served ? 'integrity.delivering' : 'integrity.unserved')} />
        {stream.failingSince ? <Since iso={stream.failingSince} problem={stream.problem} /> : null}
      </TableCell>
      <TableCell align="right" className="figures">
        {formatDecimal(String(stream.nextIndex), locale)}
      </TableCell>
      <TableCell className="figures">
        {stream.behindEvents === 0
          ? words('integrity.noLag')
          : words('integrity.lagOf', {
              smart_count: stream.behindEvents,
              count: formatDecimal(String(stream.behindEvents), locale),
              duration: formatDuration(stream.behindSeconds, locale),
            })}
      </TableCell>
      <TableCell>{stream.lastDeliveredAt ? <TimeText iso={stream.lastDeliveredAt} relative /> : '—'}</TableCell>
    </TableRow>
  );
}
