import LockIcon from '@mui/icons-material/LockOutlined';
import { Box, Button, Checkbox } from '@mui/material';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { textOf } from '../catalogue/use-records.ts';
import { FactLine } from '../feedback/section.tsx';
import { showHidden } from '../fields/format.ts';
import { PermissionList } from '../fields/permission-list.tsx';
import { Reach } from '../fields/reach.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import { KEEP, lockOf, REVOKE, useOf, type Decision } from './review-lines.ts';

interface ReviewLineProps {
  readonly resource: CatalogueResource;
  readonly line: GatewayRecord;
  /** The one line that Tab comes to. */
  readonly active: boolean;
  readonly selected: boolean;
  readonly onActive: () => void;
  readonly onSelect: () => void;
  readonly onDecide: (decision: Decision) => void;
}

/** Days of the log that were asked for use, as the module's settings say. */
export function useLookBack(): number {
  const { catalogue } = useModel();
  return Number(catalogue.modules.find((module) => module.name === 'reviews')?.settings['accessReviewUseDays'] ?? 180);
}

/** What somebody may do, how it came about, whether it was of use, and the two answers. */
export function ReviewLine({ resource, line, active, selected, onActive, onSelect, onDecide }: ReviewLineProps) {
  const { viewer, catalogue } = useModel();
  const text = useText();
  const words = useWords();
  const lookBack = useLookBack();
  const lock = lockOf(line, viewer.id);
  const title = showHidden(textOf(line, 'title') ?? '');
  const role = catalogue.roles.find((item) => item.name === line['role']);
  const kind = fieldOf(resource, 'subjectType')?.values?.find((item) => item.value === line['subjectType']);
  const [by, why, until, last] = [textOf(line, 'grantedBy'), textOf(line, 'grantReason'), textOf(line, 'expiresAt'), textOf(line, 'lastUsedAt')];
  const { used, all, never } = useOf(line);
  return (
    <Box
      component="li"
      tabIndex={active ? 0 : -1}
      data-line={line.id}
      data-state={line['state']}
      data-lock={lock ?? 'none'}
      aria-keyshortcuts={lock === null ? 'k r x' : undefined}
      onFocus={(event) => event.target === event.currentTarget && onActive()}
      sx={(theme) => ({
        display: 'grid',
        gridTemplateColumns: { xs: '28px minmax(0, 1fr)', md: '28px minmax(0, 1.5fr) minmax(0, 1fr) 190px' },
        columnGap: 1.5,
        rowGap: 0.75,
        px: 1.5,
        py: 1.25,
        alignItems: 'start',
        borderTop: `1px solid ${theme.tokens.line}`,
        background: selected ? theme.tokens.accentSoft : 'transparent',
        '&:focus-visible': { outlineOffset: -2 },
      })}
    >
      <Box>
        {lock === null ? (
          <Checkbox
            size="small"
            checked={selected}
            tabIndex={-1}
            onChange={onSelect}
            slotProps={{ input: { 'aria-label': words('reviews.select', { title }) } }}
            sx={{ p: '2px' }}
          />
        ) : lock === 'answered' ? null : (
          <LockIcon aria-hidden sx={{ fontSize: 17, color: 'text.secondary', m: '3px' }} />
        )}
      </Box>
      <Box sx={{ display: 'grid', gap: 0.25, minWidth: 0 }}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
          <Box component="span" sx={{ fontWeight: 600 }}>
            {role ? text(role.label) : title}
          </Box>
          {kind && line['subjectType'] !== 'GRANT' ? (
            <Box component="span" sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>
              {text(kind.label)}
            </Box>
          ) : null}
          <Box component="span" sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>
            <Reach record={line} />
          </Box>
        </Box>
        <FactLine>
          {by ? words('reviews.given', { name: showHidden(by) }) : null}
          {why && why !== '-' ? showHidden(why) : null}
          {until ? (
            <>
              {words('reviews.until')} <TimeText iso={until} />
            </>
          ) : null}
        </FactLine>
      </Box>
      <Box sx={{ gridColumn: { xs: '2', md: 'auto' }, fontSize: '0.8125rem', minWidth: 0 }}>
        <Box sx={(theme) => ({ color: last ? theme.tokens.text : theme.tokens.warning, fontWeight: last ? 450 : 550 })}>
          {last ? (
            <>
              {words('reviews.lastAct')} <TimeText iso={last} relative />
            </>
          ) : (
            words('reviews.noAct', { days: lookBack })
          )}
        </Box>
        <Box sx={{ color: 'text.secondary' }}>{all === 0 ? words('reviews.readsOnly') : words('reviews.used', { used, all })}</Box>
        <PermissionList names={never} summary={words('reviews.neverUsed', { smart_count: never.length })} />
      </Box>
      <Box sx={{ gridColumn: { xs: '2', md: 'auto' }, display: 'flex', flexWrap: 'wrap', gap: 1, justifyContent: { md: 'flex-end' } }}>
        {lock === null ? (
          <>
            <Button variant="outlined" color="inherit" tabIndex={active ? 0 : -1} data-answer={KEEP} onClick={() => onDecide(KEEP)}>
              {words('reviews.keep')}
            </Button>
            <Button variant="outlined" color="error" tabIndex={active ? 0 : -1} data-answer={REVOKE} onClick={() => onDecide(REVOKE)}>
              {words('reviews.revoke')}
            </Button>
          </>
        ) : lock === 'answered' ? (
          <Answer resource={resource} line={line} />
        ) : (
          <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>{words(lock === 'own' ? 'reviews.own' : 'reviews.notYours')}</Box>
        )}
      </Box>
    </Box>
  );
}

/** What came of it, by whom and why. */
function Answer({ resource, line }: { readonly resource: CatalogueResource; readonly line: GatewayRecord }) {
  const text = useText();
  const state = fieldOf(resource, 'state')?.values?.find((item) => item.value === line['state']);
  const [by, reason] = [textOf(line, 'decidedBy'), textOf(line, 'reason')];
  return (
    <Box sx={{ display: 'grid', gap: 0.25, justifyItems: { md: 'end' }, textAlign: { md: 'right' } }}>
      {state ? <StateChip label={text(state.label)} tone={state.tone} /> : null}
      <FactLine>{[by ? showHidden(by) : null, reason && reason !== '-' ? showHidden(reason) : null]}</FactLine>
    </Box>
  );
}
