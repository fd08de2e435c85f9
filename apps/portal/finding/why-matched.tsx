import { styled } from '@mui/material/styles'
import type { Explanation, Match } from '@plimsoll/types'
import { Code } from '../ui/code.tsx'
import { Muted } from '../ui/page.tsx'
import { comparisons, isOpenEnded } from './comparisons.ts'

const List = styled('ul')(({ theme }) => ({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '22px',
  '& > li + li': { marginTop: 8, paddingTop: 8, borderTop: `1px solid ${theme.vars.palette.divider}` },
}))

/** The advisories that matched, each with the versions it compared. */
export function WhyMatched({ match }: { match: Match }) {
  return (
    <List>
      {match.explanations.map((explanation, index) => (
        // Nothing in an explanation is unique: one advisory may match through several ranges.
        <li key={`${explanation.advisoryId} ${index}`}>
          <Code>{explanation.advisoryId}</Code> <Muted>for {explanation.feed}</Muted>
          <div>
            {match.state === 'undetermined' ? (
              <>
                Installed <Code>{explanation.installed}</Code>, not comparable with{' '}
                <Code>
                  {explanation.fixed ?? explanation.lastAffected ?? explanation.introduced ?? 'the range'}
                </Code>
              </>
            ) : (
              <Held explanation={explanation} />
            )}
          </div>
        </li>
      ))}
    </List>
  )
}

function Held({ explanation }: { explanation: Explanation }) {
  return (
    <>
      {comparisons(explanation).map(({ installed, operator, other, meaning }) => (
        <div key={meaning}>
          <Code>{installed}</Code> {operator} <Code>{other}</Code> <Muted>({meaning})</Muted>
        </div>
      ))}
      {isOpenEnded(explanation) && (
        <div>
          Installed <Code>{explanation.installed}</Code>; the advisory names no fixed version, so every later
          version is affected too
        </div>
      )}
    </>
  )
}
