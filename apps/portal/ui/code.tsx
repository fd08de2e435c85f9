import { styled } from '@mui/material/styles'
import { monospace } from '../app/theme.ts'
import { middleShortened, shortDigest } from '../lib/digest.ts'
import { CopyButton } from './copy-button.tsx'

/** Monospace text inside a line: versions, paths, digests. Whatever is in it, the text around it keeps its order. */
export const Code = styled('code')({
  fontFamily: monospace,
  fontSize: '0.92em',
  overflowWrap: 'anywhere',
  unicodeBidi: 'isolate',
})

// The button is higher than a line of text; it must not make its row higher.
const Line = styled('span')({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 2,
  whiteSpace: 'nowrap',
  verticalAlign: 'top',
  '& button': { marginBlock: -3 },
})

/** A digest by its first twelve digits, whole in the title, with a button that copies the whole. */
export function Digest({ digest, copy = true }: { digest: string; copy?: boolean }) {
  return (
    <Line>
      <Code title={digest}>{shortDigest(digest)}</Code>
      {copy && <CopyButton text={digest} what="digest" />}
    </Line>
  )
}

/** A path or name that may be long: its middle is shortened, the whole is in the title. */
export function ShortCode({ text, maxLength = 40 }: { text: string; maxLength?: number }) {
  return <Code title={text.length > maxLength ? text : undefined}>{middleShortened(text, maxLength)}</Code>
}

const Block = styled('div')(({ theme }) => ({
  position: 'relative',
  display: 'flex',
  alignItems: 'flex-start',
  gap: 8,
  padding: '8px 8px 8px 12px',
  borderRadius: theme.vars.shape.borderRadius,
  background: theme.vars.palette.surface.sunken,
  border: `1px solid ${theme.vars.palette.divider}`,
  '& pre': {
    flex: 1,
    margin: 0,
    paddingBlock: 3,
    minWidth: 0,
    overflowX: 'auto',
    fontFamily: monospace,
    fontSize: '0.75rem',
    lineHeight: 1.6,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
}))

/** A command or configuration to copy as it stands. */
export function CodeBlock({ text, what }: { text: string; what: string }) {
  return (
    <Block>
      <pre>{text}</pre>
      <CopyButton text={text} what={what} />
    </Block>
  )
}
