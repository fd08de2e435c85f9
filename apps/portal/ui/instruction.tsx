import { styled } from '@mui/material/styles'
import { monospace } from '../app/theme.ts'
import { middleShortened } from '../lib/digest.ts'
import { instructionText } from '../lib/instruction.ts'
import { Code } from './code.tsx'
import { Icon } from './icon.tsx'

const Whole = styled('details')(({ theme }) => ({
  display: 'inline-block',
  maxWidth: '100%',
  verticalAlign: 'top',
  '& summary': {
    minHeight: 24,
    width: 'fit-content',
    maxWidth: '100%',
    cursor: 'pointer',
    borderRadius: 3,
    listStyle: 'none',
    '&::-webkit-details-marker': { display: 'none' },
    '&:hover': { color: theme.vars.palette.primary.main },
    '& svg': { marginLeft: 6, color: theme.vars.palette.text.secondary },
  },
  '&[open] > summary svg': { transform: 'rotate(180deg)' },
  '& pre': {
    margin: '4px 0',
    padding: '6px 10px',
    maxHeight: 320,
    overflowY: 'auto',
    borderRadius: 4,
    background: theme.vars.palette.surface.sunken,
    fontFamily: monospace,
    fontSize: '0.75rem',
    lineHeight: 1.6,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
}))

/** The instruction that made a layer, as its author wrote it; opened, as the image's history has it. */
export function Instruction({ createdBy, maxLength = 110 }: { createdBy: string; maxLength?: number }) {
  const text = instructionText(createdBy).replaceAll(/\s+/g, ' ')
  if (text === createdBy && text.length <= maxLength) return <Code>{text}</Code>
  return (
    <Whole>
      <summary title="Show as the image’s history has it">
        <Code>{middleShortened(text, maxLength)}</Code>
        <Icon name="down" size={10} />
      </summary>
      {/* It scrolls when it is long, so it can be reached. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region (WCAG 2.1.1) */}
      <pre tabIndex={0} aria-label="Instruction in full">
        {createdBy}
      </pre>
    </Whole>
  )
}
