import type { SvgIconComponent } from '@mui/icons-material';
import { Button, Tooltip } from '@mui/material';
import type { CatalogueAction } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useText } from '../catalogue/console-context.tsx';
import { useWords } from '../language/use-words.ts';
import { LOOKS } from './action-look.ts';
import { lookOf } from './action-values.ts';

interface ActButtonProps {
  readonly action: CatalogueAction;
  /** Why it can't be done now; null where it can. */
  readonly why: string | null;
  /** A sign of its own, where acts of one kind stand side by side. */
  readonly icon?: SvgIconComponent;
  readonly onOpen: () => void;
}

/** The way to an act; risk is visible before a word is read. */
export function ActButton({ action, why, icon, onOpen }: ActButtonProps) {
  const text = useText();
  const words = useWords();
  const look = lookOf(action);
  const { color, icon: usual, words: tier } = LOOKS[look];
  const Icon = icon ?? usual;
  const enabled = why === null;
  const help = [why, text(action.description), tier ? words(tier) : null].filter((line) => line !== null).join(' · ');
  return (
    <Tooltip title={help} describeChild>
      {/* Disabled by ARIA, not by attribute: the reason stays within reach of keyboard and screen reader. */}
      <Button
        variant="outlined"
        color={color}
        startIcon={Icon ? <Icon /> : undefined}
        aria-disabled={!enabled}
        data-action={action.name}
        data-enabled={enabled}
        // The second click of a double click and the repeats of a held key are the first one's: a quick act may be over between them (THREATS J12).
        onClick={(event) => enabled && event.detail < 2 && onOpen()}
        onKeyDown={(event) => event.repeat && event.preventDefault()}
        sx={(theme) => ({
          ...(look === 'routine' ? {} : { borderColor: 'currentColor', borderWidth: 1.5, background: look === 'sensitive' ? theme.tokens.badSoft : theme.tokens.warningSoft }),
          ...(enabled
            ? {}
            : {
                color: theme.tokens.quiet,
                borderColor: theme.tokens.line,
                borderStyle: 'dashed',
                background: 'transparent',
                cursor: 'not-allowed',
                '&:hover': { background: 'transparent' },
              }),
        })}
      >
        {text(action.label)}
      </Button>
    </Tooltip>
  );
}
