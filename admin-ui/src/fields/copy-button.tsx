import { useState } from 'react';
import CheckIcon from '@mui/icons-material/Check';
import CopyIcon from '@mui/icons-material/ContentCopy';
import { IconButton, Tooltip } from '@mui/material';
import { useWords } from '../language/use-words.ts';

/** Copies a text; says so in the tooltip and to screen readers. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  const name = copied ? words('common.copied') : (label ?? words('common.copy'));
  return (
    <Tooltip title={name}>
      <IconButton
        className="no-print"
        aria-label={name}
        onClick={(event) => {
          event.stopPropagation();
          event.preventDefault();
          copy();
        }}
        sx={{ p: '3px', color: 'text.secondary' }}
      >
        {copied ? <CheckIcon sx={{ fontSize: 14 }} /> : <CopyIcon sx={{ fontSize: 14 }} />}
      </IconButton>
    </Tooltip>
  );
}
