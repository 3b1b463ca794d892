import BadIcon from '@mui/icons-material/ErrorOutlined';
import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import GoodIcon from '@mui/icons-material/CheckCircleOutlined';
import OpenIcon from '@mui/icons-material/HelpOutlineOutlined';
import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, LinearProgress, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { formatDecimal, showHidden } from '../fields/format.ts';
import { IdChip } from '../fields/id-chip.tsx';
import { visuallyHidden } from '../fields/masked.tsx';
import { isFailure } from '../gateway/gateway-failure.ts';
import { useWords, type Words } from '../language/use-words.ts';
import { saveFile } from '../lists/export-rows.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { proofText, type EventCheck, type ShownFacts, type Verdict } from './check-event.ts';
import { READ_INTEGRITY, useLogState } from './log-state.ts';
import { usePinnedKeys } from './pinned-keys.tsx';
import { useEventCheck } from './use-event-check.ts';

const ICONS = { good: GoodIcon, bad: BadIcon, open: OpenIcon } as const;
const TONES = { good: 'good', bad: 'bad', open: 'neutral' } as const;
const GROUNDS = { good: 'goodSoft', bad: 'badSoft', open: 'neutralSoft' } as const;
/** The state of the log is asked for once: what a witness has seen by then is enough. */
const ONCE = 3_600_000;

/** The check of one event, step by step, in plain words. Everything in it was computed by this browser. */
export function VerifyDialog({ eventId, facts, onClose }: { readonly eventId: string; readonly facts: ShownFacts; readonly onClose: () => void }) {
  const { holds } = useModel();
  const words = useWords();
  const [pinned] = usePinnedKeys();
  const { state, allowed, error: unknownState } = useLogState(ONCE);
  // Without the right to see how the log fares, the newest checkpoint has to do.
  const ready = !allowed || state !== undefined || unknownState !== null;
  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="verify-title">
      <DialogTitle id="verify-title">{words('verify.title')}</DialogTitle>
      {ready ? (
        <Checked
          eventId={eventId}
          facts={facts}
          pinned={pinned}
          witnessedSize={state?.witnessedSize ?? null}
          maySign={state === undefined || state.standing === 'sound'}
          mayLook={holds(READ_INTEGRITY)}
          onClose={onClose}
        />
      ) : (
        <DialogContent aria-busy>
          <LinearProgress aria-label={words('verify.working')} />
        </DialogContent>
      )}
    </Dialog>
  );
}

interface CheckedProps {
  readonly eventId: string;
  readonly facts: ShownFacts;
  readonly pinned: string;
  readonly witnessedSize: number | null;
  /** False while nothing is signed, so that waiting for it is in vain. */
  readonly maySign: boolean;
  readonly mayLook: boolean;
  readonly onClose: () => void;
}

function Checked({ eventId, facts, pinned, witnessedSize, maySign, mayLook, onClose }: CheckedProps) {
  const words = useWords();
  const { data, error, failureReason, refetch } = useEventCheck(eventId, facts, pinned, witnessedSize);
  const uncovered = !data && isFailure(failureReason) && failureReason.code === 'NOT_FOUND';
  const proof = data?.proof;
  return (
    <>
      <DialogContent aria-busy={!data && !error}>
        {uncovered && (error || !maySign) ? (
          <Uncovered maySign={maySign} mayLook={mayLook} />
        ) : error ? (
          <FailureNotice error={error} retry={() => void refetch()} />
        ) : data ? (
          <Told check={data.check} hasBytes={data.proof.entry !== null} mayLook={mayLook} />
        ) : (
          <Box role="status">
            <Box sx={{ mb: 1 }}>{words(uncovered ? 'verify.notYet' : 'verify.working')}</Box>
            <LinearProgress aria-label={words('verify.working')} />
          </Box>
        )}
        <Box sx={{ mt: 1.5, color: 'text.secondary', fontSize: '0.75rem' }}>
          {words('verify.event')} <IdChip id={eventId} whole />
        </Box>
      </DialogContent>
      <DialogActions>
        {proof && data.check.path !== 'bad' ? (
          <Button color="inherit" startIcon={<DownloadIcon />} onClick={() => saveFile(`event-${eventId}.tlog-proof`, proofText(proof), 'text/plain;charset=utf-8')}>
            {words('verify.download')}
          </Button>
        ) : null}
        <Button variant="contained" onClick={onClose}>
          {words('common.close')}
        </Button>
      </DialogActions>
    </>
  );
}

/** No checkpoint covers the event, and none is about to. */
function Uncovered({ maySign, mayLook }: { readonly maySign: boolean; readonly mayLook: boolean }) {
  const words = useWords();
  return (
    <Box role="status" data-event-verdict="uncovered">
      {words(maySign ? 'verify.uncovered' : 'verify.halted')}{' '}
      {mayLook ? (
        <Link component={RouterLink} to="/integrity">
          {words('integrity.title')}
        </Link>
      ) : null}
    </Box>
  );
}

interface Finding {
  readonly name: string;
  readonly verdict: Verdict;
  readonly says: string;
}

/** What was looked at, one thing a line, in the order in which it rests on the one before. */
function findingsOf(check: EventCheck, hasBytes: boolean, words: Words, count: (value: number) => string): readonly Finding[] {
  const { checked, unchecked } = check.witnesses;
  const names = (list: readonly string[]): string => showHidden([...new Set(list)].join(', '));
  return [
    { name: 'bytes', verdict: check.bytes, says: words(hasBytes ? (check.bytes === 'bad' ? 'verify.bytes.bad' : 'verify.bytes.good') : 'verify.bytes.open') },
    ...(hasBytes
      ? [
          {
            name: 'facts',
            verdict: check.facts,
            says: check.facts === 'bad' ? words('verify.facts.bad', { names: showHidden(check.differing.join(', ')) }) : words('verify.facts.good'),
          },
        ]
      : []),
    {
      name: 'path',
      verdict: check.path,
      says: words(`verify.path.${check.path === 'good' ? 'good' : 'bad'}`, { index: count(check.index), size: count(check.checkpoint?.size ?? 0) }),
    },
    {
      name: 'signature',
      verdict: check.signature,
      says: words(
        check.signature === 'open'
          ? 'verify.signature.open'
          : check.signature === 'bad'
            ? check.pinned
              ? 'verify.signature.badPinned'
              : 'verify.signature.bad'
            : 'verify.signature.good',
        { name: showHidden(check.signedBy ?? '') },
      ),
    },
    ...(check.signature === 'good' && !check.pinned ? [{ name: 'key', verdict: 'open' as const, says: words('verify.key.open') }] : []),
    {
      name: 'witnesses',
      verdict: checked.length > 0 ? 'good' : 'open',
      says:
        checked.length > 0
          ? words('verify.witnesses.good', { smart_count: checked.length, names: names(checked) })
          : unchecked.length > 0
            ? words('verify.witnesses.open', { smart_count: unchecked.length, names: names(unchecked) })
            : words('verify.witnesses.none'),
    },
  ];
}

function Told({ check, hasBytes, mayLook }: { readonly check: EventCheck; readonly hasBytes: boolean; readonly mayLook: boolean }) {
  const words = useWords();
  const locale = useFormatLocale();
  const count = (value: number): string => formatDecimal(String(value), locale);
  return (
    <Box data-event-verdict={check.verdict}>
      <Box
        role="status"
        sx={(theme) => ({
          p: 1.5,
          borderRadius: '6px',
          fontWeight: 600,
          color: theme.tokens[TONES[check.verdict]],
          background: theme.tokens[GROUNDS[check.verdict]],
        })}
      >
        {words(check.verdict === 'good' ? (hasBytes ? 'verify.good' : 'verify.goodPlace') : check.verdict === 'bad' ? 'verify.bad' : 'verify.unsettled')}
      </Box>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, mt: 1.5, p: 0, display: 'grid', gap: 1 }}>
        {findingsOf(check, hasBytes, words, count).map(({ name, verdict, says }) => (
          <FindingLine key={name} name={name} verdict={verdict} says={says} />
        ))}
      </Box>
      {check.checkpoint ? (
        <Box
          component="dl"
          sx={{
            m: 0,
            mt: 2,
            display: 'grid',
            gridTemplateColumns: 'max-content minmax(0, 1fr)',
            columnGap: 2,
            rowGap: 0.25,
            fontSize: '0.8125rem',
            '& dt': { color: 'text.secondary' },
            '& dd': { m: 0, overflowWrap: 'anywhere' },
          }}
        >
          <dt>{words('verify.index')}</dt>
          <Box component="dd" className="figures">
            {count(check.index)}
          </Box>
          <dt>{words('verify.size')}</dt>
          <Box component="dd" className="figures">
            {count(check.checkpoint.size)}
          </Box>
          <dt>{words('verify.origin')}</dt>
          <dd>{showHidden(check.checkpoint.origin)}</dd>
        </Box>
      ) : null}
      <Box sx={{ mt: 1.5, color: 'text.secondary', fontSize: '0.75rem' }}>{words('verify.independence')}</Box>
      {mayLook ? (
        <Box sx={{ mt: 1.5, fontSize: '0.8125rem' }}>
          <Link component={RouterLink} to="/integrity">
            {words(check.pinned ? 'integrity.title' : 'verify.pinHere')}
          </Link>
        </Box>
      ) : null}
    </Box>
  );
}

function FindingLine({ name, verdict, says }: Finding) {
  const words = useWords();
  const Icon = ICONS[verdict];
  return (
    <Box component="li" data-finding={name} data-finding-verdict={verdict} sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', fontSize: '0.8125rem' }}>
      <Box sx={(theme) => ({ color: theme.tokens[TONES[verdict]], display: 'flex' })}>
        <Icon aria-hidden sx={{ fontSize: 18 }} />
      </Box>
      <span>
        <Box component="span" sx={visuallyHidden}>
          {words(`verify.says.${verdict}`)}{' '}
        </Box>
        {says}
      </span>
    </Box>
  );
}
