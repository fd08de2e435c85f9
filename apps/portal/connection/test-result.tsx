import { styled } from '@mui/material/styles'
import type { ConnectionTest } from '@plimsoll/types'
import type { ApiError } from '../app/trpc.ts'
import { counted } from '../lib/quantity.ts'
import { registryKindText } from '../lib/registry-kind.ts'
import { Code } from '../ui/code.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { Muted } from '../ui/page.tsx'
import { Refused } from '../ui/refused.tsx'
import { copy, outcomeText, stepText } from './copy.ts'

const Steps = styled('ol')(({ theme }) => ({
  margin: '8px 0 0',
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '20px',
  '& li': {
    display: 'grid',
    gridTemplateColumns: '84px 104px minmax(0, 1fr)',
    gap: 8,
    padding: '4px 0',
    overflowWrap: 'anywhere',
  },
  '& li > :nth-of-type(1):not(b)': { display: 'inline-flex', alignItems: 'center', gap: 6 },
  [theme.breakpoints.down('sm')]: {
    '& li': { gridTemplateColumns: '84px minmax(0, 1fr)' },
    '& li > :nth-of-type(2)': { gridColumn: '1 / -1' },
  },
}))

const icons: Readonly<Record<ConnectionTest['steps'][number]['outcome'], IconName>> = {
  ok: 'check',
  failed: 'cross',
  skipped: 'dash',
  warning: 'info',
}

interface TestResultProps {
  readonly pending: boolean
  readonly result: ConnectionTest | undefined
  readonly error: ApiError | null
}

/** What a test of a connection tried, step by step, and the first thing that is in the way with what to do about it. */
export const TestResult = ({ pending, result, error }: TestResultProps) => (
  <div role="status">
    {pending && <Muted>{copy.testing} …</Muted>}
    {!pending && error !== null && <Refused title={copy.noTest} error={error} />}
    {!pending && result && <Outcome result={result} />}
  </div>
)

function Outcome({ result }: { result: ConnectionTest }) {
  const { ok, url, kind, steps, problem, repositories } = result
  return (
    <Notice
      title={ok ? copy.works : copy.fails}
      icon={ok ? 'check' : 'caution'}
      tone={ok ? 'plain' : 'caution'}
    >
      {problem !== null && (
        <p>
          {problem.message} {problem.hint}
        </p>
      )}
      <p>
        <Muted>
          {registryKindText[kind]} at <Code>{url}</Code>
        </Muted>
      </p>
      <Steps aria-label="Steps of the test">
        {steps.map(({ step, outcome, message }) => (
          <li key={step}>
            <span>
              <Icon name={icons[outcome]} size={14} />
              {outcomeText[outcome]}
            </span>
            <b style={{ fontWeight: 550 }}>{stepText[step]}</b>
            <span>{message}</span>
          </li>
        ))}
      </Steps>
      {repositories !== null && repositories.length > 0 && (
        <p style={{ overflowWrap: 'anywhere' }}>
          <Muted>It lists {counted(repositories.length, 'repository', 'repositories')} at first: </Muted>
          <Code>{repositories.slice(0, shownRepositories).join(', ')}</Code>
          {repositories.length > shownRepositories && <Muted>, and more</Muted>}
        </p>
      )}
    </Notice>
  )
}

const shownRepositories = 8
