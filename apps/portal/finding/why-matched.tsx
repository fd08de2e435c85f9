import { styled } from '@mui/material/styles'
import type { Explanation, FindingDetail } from '@plimsoll/types'
import { ecosystemName } from '../lib/names.ts'
import { Code } from '../ui/code.tsx'
import { Muted } from '../ui/page.tsx'
import { affectedVersions, comparisons, isOpenEnded } from './comparisons.ts'

const List = styled('ul')(({ theme }) => ({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '22px',
  '& > li + li': { marginTop: 8, paddingTop: 8, borderTop: `1px solid ${theme.vars.palette.divider}` },
}))

/** The advisories that matched, each with the package it names and the versions it compared. */
export function WhyMatched({ match }: { match: FindingDetail['match'] }) {
  return (
    <List>
      {match.explanations.map((explanation, index) => (
        // Nothing in an explanation is unique: one advisory may match through several ranges.
        <li key={`${explanation.advisoryId} ${index}`}>
          <Named explanation={explanation} />
          {match.state === 'undetermined' ? (
            <Operands explanation={explanation} />
          ) : (
            <Held explanation={explanation} />
          )}
        </li>
      ))}
    </List>
  )
}

const order = (comparator: string): string => `${ecosystemName(comparator)}’s order of versions`

/** Which advisory names which package. */
const Named = ({ explanation: { advisoryId, feed, packageName, module } }: { explanation: Explanation }) => (
  <div>
    <Code>{advisoryId}</Code> <Muted>for {feed} names</Muted> <Code>{packageName}</Code>
    {module !== null && (
      <>
        {' '}
        <Muted>of module</Muted> <Code>{module}</Code>
      </>
    )}
  </div>
)

function Held({ explanation }: { explanation: Explanation }) {
  const { installed, comparator, listed } = explanation
  const held = comparisons(explanation)
  return (
    <>
      {held.map(({ operator, other, meaning }) => (
        <div key={meaning}>
          <Code>{installed}</Code> {operator} <Code>{other}</Code> <Muted>({meaning})</Muted>
        </div>
      ))}
      {isOpenEnded(explanation) && (
        <div>
          Installed <Code>{installed}</Code>; the advisory names no fixed version, so every later version is
          affected too
        </div>
      )}
      {held.length > 0 && !listed && (
        <div>
          <Muted>compared in {order(comparator)}</Muted>
        </div>
      )}
    </>
  )
}

/** What stood to be compared, whatever came of it: the versions that are affected, the one installed, their order. */
export function Operands({ explanation }: { explanation: Explanation }) {
  const { installed, comparator } = explanation
  return (
    <div>
      <Muted>Affected:</Muted> {affectedVersions(explanation)}; <Muted>installed:</Muted>{' '}
      <Code>{installed}</Code> <Muted>({order(comparator)})</Muted>
    </div>
  )
}
