import { Box } from '@mui/material';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { RecordActs } from '../actions/record-acts.tsx';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { namesOf, textOf } from '../catalogue/use-records.ts';
import { FactLine } from '../feedback/section.tsx';
import { TimeLeft } from '../feedback/time-left.tsx';
import { showHidden } from '../fields/format.ts';
import { PermissionList } from '../fields/permission-list.tsx';
import { Reach } from '../fields/reach.tsx';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import { announceHere } from '../live/live.ts';

/** What a person does with a grant of their own. */
const OWN_ACTS = ['activateElevation', 'dropElevation'] as const;

/** Name of a declared role, as in `catalogue.roles`, of a grant's value `SUPPORT_VIEWER`. */
const roleName = (value: string): string => value.toLowerCase().replaceAll('_', '-');

/** One grant of my own: what, where, who gave it and why, until when, and whether it was of use. */
export function GrantEntry({ resource, record }: { readonly resource: CatalogueResource; readonly record: GatewayRecord }) {
  const { catalogue } = useModel();
  const text = useText();
  const words = useWords();
  const role = catalogue.roles.find((item) => item.name === roleName(textOf(record, 'role') ?? ''));
  const singles = namesOf(record, 'permissions');
  const declared = fieldOf(resource, 'role')?.values?.find((item) => item.value === record['role']);
  const emergency = record['kind'] === 'BREAK_GLASS';
  const permissions = role?.permissions ?? (emergency ? catalogue.breakGlass : singles);
  const title = singles.length > 0 && !role ? words('mine.singles', { smart_count: singles.length }) : declared ? text(declared.label) : roleName(textOf(record, 'role') ?? '');
  const kind = fieldOf(resource, 'kind')?.values?.find((item) => item.value === record['kind']);
  const waiting = record['state'] === 'WAITING';
  const short = record['kind'] !== 'STANDING';
  const expires = textOf(record, 'expiresAt');
  const reason = textOf(record, 'reason');
  const ticket = textOf(record, 'ticket');
  const by = textOf(record, 'grantedBy');
  const used = textOf(record, 'lastUsedAt');
  return (
    <Box
      component="li"
      data-grant={record.id}
      sx={(theme) => ({ py: 1.25, display: 'grid', gap: 0.5, '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` } })}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
        <Box component="span" sx={{ fontWeight: 600 }}>
          {title}
        </Box>
        {short && kind ? <StateChip label={text(kind.label)} tone={kind.tone} /> : null}
        <Box component="span" sx={{ flex: { xs: '1 1 100%', sm: '1 1 120px' }, minWidth: 0, color: 'text.secondary', fontSize: '0.8125rem' }}>
          <Reach record={record} />
        </Box>
        {short && !waiting && expires ? <TimeLeft iso={expires} /> : null}
        <RecordActs resource={resource} record={record} only={OWN_ACTS} enabledOnly onDone={() => announceHere('viewer')} />
      </Box>
      {role ? <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>{text(role.purpose)}</Box> : null}
      {waiting ? <Box sx={{ fontSize: '0.8125rem' }}>{words('mine.waiting')}</Box> : null}
      <FactLine>
        {by ? words('mine.givenBy', { name: showHidden(by) }) : null}
        {reason && reason !== '-' ? showHidden(reason) : null}
        {ticket ? showHidden(ticket) : null}
        {waiting ? null : expires ? (
          <>
            {words('mine.until')} <TimeText iso={expires} />
          </>
        ) : (
          words('mine.noEnd')
        )}
        {used ? (
          <>
            {words('mine.lastUsed')} <TimeText iso={used} relative />
          </>
        ) : (
          words('mine.neverUsed')
        )}
      </FactLine>
      <PermissionList names={permissions} summary={`${words('mine.whatItAllows')} (${permissions.length})`} />
    </Box>
  );
}
